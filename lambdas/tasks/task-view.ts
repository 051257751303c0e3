import { TaskView } from '../../contracts/api/tasks.ts';
import { TaskFields } from '../../contracts/entities/task.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { Caller } from '../shared/http/caller.ts';

/** Fields that a task and its API view share. */
const SHARED_FIELDS = new Set(Object.keys(TaskFields.shape).filter((name) => name in TaskView.shape));

/** The API view of a task. */
export const taskView = (task: Task): TaskView =>
  TaskView.parse({
    ...Object.fromEntries(Object.entries(task).filter(([name]) => SHARED_FIELDS.has(name))),
    ...('recalled' in task && task.recalled && { recalled_count: task.recalled.count }),
    progress: progressOf(task),
  });

/** The task as its agent sees it: what the work needs, and nothing of the buyer. */
export function agentTaskView(task: Task): TaskView {
  const { buyer_id: _buyer, family: _family, selection: _selection, ...view } = taskView(task);
  return view;
}

export const taskViewFor = (caller: Pick<Caller, 'role'>, task: Task): TaskView =>
  caller.role === 'agent' ? agentTaskView(task) : taskView(task);

function progressOf(task: Task): TaskView['progress'] {
  if (!('chunk_sizes' in task) || task.chunk_sizes === undefined) return null;
  const chunks = task.chunk_sizes.length;
  return { chunk_count: chunks, chunks_done: chunks - (task.chunks_left ?? chunks) };
}
