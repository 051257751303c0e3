import { TaskView } from '../../contracts/api/tasks.ts';
import { TaskFields } from '../../contracts/entities/task-fields.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { Caller } from '../shared/http/caller.ts';
import { reviewerOf } from '../shared/stores/task-records.ts';

/** Fields that a task and its API view share. */
const SHARED_FIELDS = new Set(Object.keys(TaskFields.shape).filter((name) => name in TaskView.shape));

/** The API view of a task. */
export const taskView = (task: Task): TaskView =>
  TaskView.parse({
    ...Object.fromEntries(Object.entries(task).filter(([name]) => SHARED_FIELDS.has(name))),
    ...('recalled' in task && task.recalled && { recalled_count: task.recalled.count }),
    progress: progressOf(task),
  });

/** The task as its agent sees it, without data of the buyer. A reviewer sees its part as the task. */
export function agentTaskView(agentId: string, task: Task): TaskView {
  const {
    buyer_id: _buyer,
    family: _family,
    selection: _selection,
    quote_id: _quote,
    review_below: _below,
    review_state: _state,
    reviewer_id: _reviewerId,
    reviewer: _reviewer,
    review_item_count: _count,
    review_price_satoshis: _price,
    ...view
  } = taskView(task);
  if (task.assigned_agent_id === agentId || reviewerOf(task) !== agentId) return view;
  const { result_id: _result, model_version: _version, ...part } = view;
  return {
    ...part,
    assigned_agent: task.reviewer!,
    assigned_agent_id: agentId,
    item_count: task.review_item_count!,
    price_satoshis: task.review_price_satoshis!,
    progress: null,
  };
}

export const taskViewFor = (caller: Pick<Caller, 'role' | 'userId'>, task: Task): TaskView =>
  caller.role === 'agent' ? agentTaskView(caller.userId, task) : taskView(task);

function progressOf(task: Task): TaskView['progress'] {
  if (!('chunk_sizes' in task) || task.chunk_sizes === undefined) return null;
  const chunks = task.chunk_sizes.length;
  return { chunk_count: chunks, chunks_done: chunks - (task.chunks_left ?? chunks) };
}
