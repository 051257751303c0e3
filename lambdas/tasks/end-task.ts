import type { TaskView } from '../../contracts/api/tasks.ts';
import type { LossOutcome } from '../../contracts/entities/agent.ts';
import { MAX_ASSIGNMENTS } from '../../contracts/entities/task-fields.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import { accounts } from '../../contracts/naming.ts';
import { CANCELLABLE, isCancellable, isUnfinished, UNFINISHED } from '../../contracts/rules/task-status.ts';
import type { Clock } from '../shared/clock.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { settleSteps } from './escrow.ts';
import { taskView } from './task-view.ts';

export interface EndTaskDependencies {
  readonly tasks: TaskStore;
  readonly clock: Clock;
}

const isUnfinishedTask = (task: Task): task is TaskIn<(typeof UNFINISHED)[number]> =>
  isUnfinished(task.status);
const isCancellableTask = (task: Task): task is TaskIn<(typeof CANCELLABLE)[number]> =>
  isCancellable(task.status);

/** Refunds the whole price. The worker's account gets 0 satoshis, so any account will do. */
const refundAll = (task: Task, at: string) => settleSteps(task, accounts.dukeMM, task.price_satoshis, at);

/**
 * Fails an unfinished task and refunds the whole price. Idempotent.
 * @param reason a sentence for the buyer
 * @param outcome of the agent's assignment
 * @returns false if the task had already ended
 */
export async function failTask(
  deps: EndTaskDependencies,
  task: Task,
  reason: string,
  outcome: 'failed' | LossOutcome = 'failed',
): Promise<boolean> {
  if (!isUnfinishedTask(task)) return false;
  const at = deps.clock().toISOString();
  const { deadline_at: _deadline, ...rest } = task;
  const failed: TaskIn<'failed'> = {
    ...rest,
    status: 'failed',
    settlement: 'refunded',
    failure_reason: reason.slice(0, 1000),
    completed_at: at,
    updated_at: at,
  };
  return deps.tasks.end(failed, UNFINISHED, refundAll(task, at), outcome);
}

/** Cancels a task that is not executing yet and refunds the price. @throws DukeError not_found, wrong_state */
export async function cancelTask(
  deps: EndTaskDependencies,
  buyerId: string,
  taskId: string,
): Promise<TaskView> {
  // Between read and write the task may be reassigned and still be cancellable.
  for (let tries = 0; tries < MAX_ASSIGNMENTS; tries++) {
    const task = await deps.tasks.get(taskId, { consistent: true });
    if (task?.buyer_id !== buyerId) throw new DukeError('not_found', 'There is no such task of yours.');
    if (!isCancellableTask(task)) break;
    const cancelled = cancelledTask(task, deps.clock().toISOString());
    const settlement = refundAll(task, cancelled.completed_at);
    if (await deps.tasks.end(cancelled, CANCELLABLE, settlement, 'cancelled')) return taskView(cancelled);
  }
  const now = await deps.tasks.get(taskId, { consistent: true });
  throw new DukeError(
    'wrong_state',
    `The task is ${now?.status ?? 'gone'}; only one that is not executing yet can be cancelled.`,
  );
}

function cancelledTask(
  { deadline_at: _deadline, ...rest }: TaskIn<(typeof CANCELLABLE)[number]>,
  at: string,
): TaskIn<'cancelled'> {
  return { ...rest, status: 'cancelled', settlement: 'refunded', completed_at: at, updated_at: at };
}
