import { allShards } from '../../contracts/naming.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { logger } from '../shared/logger.ts';
import { failTask } from './end-task.ts';
import { acceptSilently } from './feedback.ts';
import type { SilenceDependencies } from './feedback.ts';

const PAGE = 50;

export interface Swept {
  failed: number;
  accepted: number;
}

/**
 * Ends what waits past its time: a worker that stayed silent loses the task and the buyer gets the money back; a buyer
 * that stayed silent has accepted. Neither silence locks money.
 * @param timeLeft says in milliseconds how long it may go on; what is left waits for the next minute
 */
export async function sweep(deps: SilenceDependencies, timeLeft: () => number): Promise<Swept> {
  const swept: Swept = { failed: 0, accepted: 0 };
  const now = deps.clock().toISOString();
  for (const shard of allShards()) {
    for (let seen = new Set<string>(); timeLeft() > 5_000;) {
      const due = (await deps.tasks.due(shard, now, PAGE)).filter((task) => !seen.has(task.id));
      if (due.length === 0) break;
      // The index lags the table: a task that was just ended may come again, and is passed over.
      seen = new Set([...seen, ...due.map((task) => task.id)]);
      for (const task of due) await endDueOrLog(deps, task, now, swept);
    }
  }
  return swept;
}

/** One task that cannot be ended must not keep the others waiting: it stays due and is tried again every minute. */
async function endDueOrLog(...args: Parameters<typeof endDue>): Promise<void> {
  try {
    await endDue(...args);
  } catch (error) {
    logger.error('due task not ended', { error: error as Error, task_id: args[1].id });
  }
}

async function endDue(deps: SilenceDependencies, task: Task, now: string, swept: Swept): Promise<void> {
  if (task.status === 'completed') {
    if (task.settlement === 'held' && task.review_until <= now && (await acceptSilently(deps, task)))
      swept.accepted += 1;
    return;
  }
  if (task.status === 'failed' || task.status === 'cancelled' || task.deadline_at > now) return;
  if (await failTask(deps, task, `${task.assigned_agent} did not deliver before ${task.deadline_at}.`))
    swept.failed += 1;
}
