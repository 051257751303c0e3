import type { Task } from '../../contracts/entities/task.ts';
import { logger } from '../shared/logger.ts';
import type { DueTask } from '../shared/stores/task-store.ts';
import { failTask } from './end-task.ts';
import { acceptSilently } from './feedback.ts';
import type { SilenceDependencies } from './feedback.ts';

const PAGE = 50;
/** Less time than this is left for the answer of the function itself. */
const MARGIN_MS = 5_000;

export interface Swept {
  failed: number;
  accepted: number;
  /** Due tasks that cannot be ended: their money stays held until somebody mends them (docs/runbook.md). */
  aside: number;
}

/**
 * Ends what waits past its time in one shard: a worker that stayed silent loses the task and the buyer gets the money
 * back; a buyer that stayed silent has accepted. Neither silence locks money.
 *
 * Oldest first, each task alone. One that cannot be ended is set aside, so that it costs the others one try; those that
 * were set aside are tried again after all others, every minute.
 * @param timeLeft says in milliseconds how long it may go on; what is left waits for the next minute
 */
export async function sweepShard(
  deps: SilenceDependencies,
  shard: number,
  timeLeft: () => number,
): Promise<Swept> {
  const swept: Swept = { failed: 0, accepted: 0, aside: 0 };
  const now = deps.clock().toISOString();
  const pages = (list: 'due' | 'aside') =>
    eachDue((after) => deps.tasks[list](shard, now, PAGE, after), timeLeft);
  for await (const due of pages('due')) {
    if (!(await ended(deps, due, now, swept))) await deps.tasks.setAside(shard, due);
  }
  for await (const due of pages('aside')) {
    if (!(await ended(deps, due, now, swept))) swept.aside += 1;
  }
  return swept;
}

/** Every entry in turn, page by page, as long as there is time. */
async function* eachDue(
  page: (after: DueTask | undefined) => Promise<DueTask[]>,
  timeLeft: () => number,
): AsyncGenerator<DueTask, void, undefined> {
  for (let entries = await page(undefined); entries.length > 0; entries = await page(entries.at(-1))) {
    for (const entry of entries) {
      if (timeLeft() < MARGIN_MS) return;
      yield entry;
    }
  }
}

/** False where it cannot be ended, which is logged with its cause. */
async function ended(deps: SilenceDependencies, due: DueTask, now: string, swept: Swept): Promise<boolean> {
  try {
    if ('unreadable' in due) throw due.unreadable;
    await endDue(deps, due.task, now, swept);
    return true;
  } catch (error) {
    logger.error('due task not ended', { error: error as Error, task_id: due.id });
    return false;
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
