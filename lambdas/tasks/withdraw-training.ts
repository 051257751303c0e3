import type { TaskView } from '../../contracts/api/tasks.ts';
import { DukeError } from '../../contracts/errors.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import type { Clock } from '../shared/clock.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { taskView } from './task-view.ts';

/**
 * Withdraws a task that has ended from training; its outcomes are deleted afterwards (lambdas/learning/outcomes). Idempotent.
 * An unfinished task is refused, because the writes of its next states replace the whole record.
 * @throws DukeError not_found, wrong_state
 */
export async function withdrawTraining(
  deps: { readonly tasks: TaskStore; readonly clock: Clock },
  buyerId: string,
  taskId: string,
): Promise<TaskView> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task?.buyer_id !== buyerId) throw new DukeError('not_found', 'There is no such task of yours.');
  if (isUnfinished(task.status))
    throw new DukeError('wrong_state', `The task is ${task.status}; withdraw it once it has ended.`);
  if (!task.allow_training) return taskView(task);
  const updated_at = deps.clock().toISOString();
  await deps.tasks.withdrawTraining(taskId, updated_at);
  return taskView({ ...task, allow_training: false, updated_at });
}
