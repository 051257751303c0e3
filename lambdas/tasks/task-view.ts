import type { TaskView } from '../../contracts/api/tasks.ts';
import type { Task } from '../../contracts/entities/task.ts';

/** A task as its parties see it. */
export function taskView(task: Task): TaskView {
  const { request_hash: _hash, review_window_hours: _window, ...rest } = task;
  const shared = {
    ...pick(rest, [
      'id', 'buyer_id', 'description', 'complexity', 'kind', 'labels', 'target', 'family', 'files', 'item_count',
      'example_count', 'assigned_agent', 'assigned_agent_id', 'price_satoshis', 'reputation_bp', 'status', 'settlement', 'allow_training',
      'created_at', 'updated_at',
    ]), // prettier-ignore
    ...(task.kind_reason !== undefined && { kind_reason: task.kind_reason }),
    ...(task.answer_form && { answer_form: task.answer_form }),
    ...(task.missing && { missing: task.missing }),
    progress: progressOf(task),
  };
  const cut = {
    ...('model_version' in task && { model_version: task.model_version }),
    ...('recalled' in task && task.recalled && { recalled_count: task.recalled.count }),
  };
  switch (task.status) {
    case 'created':
      return { ...shared, deadline_at: task.deadline_at };
    case 'assigned':
    case 'executing':
      return { ...shared, ...cut, deadline_at: task.deadline_at };
    case 'completed':
      return {
        ...shared,
        ...cut,
        result_id: task.result_id,
        completed_at: task.completed_at,
        review_until: task.review_until,
      };
    case 'failed':
      return { ...shared, ...cut, completed_at: task.completed_at, failure_reason: task.failure_reason };
    case 'cancelled':
      return { ...shared, ...cut, completed_at: task.completed_at };
  }
}

function progressOf(task: Task): TaskView['progress'] {
  if (!('chunk_sizes' in task) || task.chunk_sizes === undefined) return null;
  const chunks = task.chunk_sizes.length;
  return { chunk_count: chunks, chunks_done: chunks - (task.chunks_left ?? chunks) };
}

function pick<T extends object, K extends keyof T>(source: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Pick<T, K>;
}
