import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { later, MINUTE } from '../shared/clock.ts';
import { inParallel } from '../shared/in-parallel.ts';
import { logger } from '../shared/logger.ts';
import { isReviewing } from '../shared/stores/review-store.ts';
import type { ReviewStore } from '../shared/stores/review-store.ts';
import type { DueTask } from '../shared/stores/due-tasks.ts';
import { failTask } from './end-task.ts';
import { autoAccept } from './feedback.ts';
import { moveToNextAgent } from './next-agent.ts';
import type { NextAgentDependencies } from './next-agent.ts';
import type { AutoAcceptDependencies } from './feedback.ts';

export type SweepDependencies = AutoAcceptDependencies &
  NextAgentDependencies & { readonly reviews: ReviewStore };

const PAGE = 50;
/** Tasks of a shard that are ended at a time. More would make settlements of one buyer wait for each other's transactions. */
const PARALLEL = 4;
/** Minutes past the deadline within which a fully answered result is still assembled. */
const ASSEMBLY_MINUTES = 10;
/** Stop when less time is left, so that the function can still return. */
const MARGIN_MS = 5_000;

export interface SweepCounts {
  failed: number;
  accepted: number;
  /** Due tasks that cannot be ended: their money stays held until an operator repairs them (docs/runbook.md). */
  aside: number;
}

/**
 * Ends the overdue tasks of one shard, so that no money stays locked: past the deadline a task is reassigned, or
 * fails and is refunded; past the review window its result is accepted automatically. Oldest first, each task
 * independently. A task that cannot be ended is set aside so that it does not block the others; tasks set aside are
 * retried last, on every run.
 * @param timeLeft remaining milliseconds; tasks not reached wait for the next run, a minute later
 */
export async function sweepShard(
  deps: SweepDependencies,
  shard: number,
  timeLeft: () => number,
): Promise<SweepCounts> {
  const counts: SweepCounts = { failed: 0, accepted: 0, aside: 0 };
  const now = deps.clock().toISOString();
  const pages = (list: 'due' | 'aside') =>
    eachDue((after) => deps.tasks[list](shard, now, PAGE, after), timeLeft);
  await inParallel(pages('due'), PARALLEL, async (due) => {
    if (!(await tryEnd(deps, due, now, counts))) await deps.tasks.setAside(shard, due);
  });
  await inParallel(pages('aside'), PARALLEL, async (due) => {
    if (!(await tryEnd(deps, due, now, counts))) counts.aside += 1;
  });
  return counts;
}

/** Yields every entry, page by page, until the time is over. */
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

/** Ends one task. @returns false if it cannot be ended; the cause is logged */
async function tryEnd(
  deps: SweepDependencies,
  due: DueTask,
  now: string,
  counts: SweepCounts,
): Promise<boolean> {
  try {
    if ('unreadable' in due) throw due.unreadable;
    await endDue(deps, due.task, now, counts);
    return true;
  } catch (error) {
    logger.error('due task not ended', { error: error as Error, task_id: due.id });
    return false;
  }
}

async function endDue(deps: SweepDependencies, task: Task, now: string, counts: SweepCounts): Promise<void> {
  if (task.status === 'completed') {
    if (task.settlement === 'held' && task.review_until <= now && (await autoAccept(deps, task)))
      counts.accepted += 1;
    return;
  }
  if (task.status === 'failed' || task.status === 'cancelled' || task.deadline_at > now) return;
  if (isReviewing(task)) {
    await deps.reviews.close(task, 'missed', now);
    return;
  }
  const why = `${task.assigned_agent} did not deliver before ${task.deadline_at}.`;
  if (task.status === 'created') {
    if (await failTask(deps, task, why)) counts.failed += 1;
    return;
  }
  if (isBeingAssembled(task, now)) return;
  const moved = await moveToNextAgent(deps, task, 'missed', why);
  if (moved === 'failed') counts.failed += 1;
  if (moved === 'moved') logger.info('task moved to its next agent', { task_id: task.id });
}

/** All answers were given in time. If the assembly fails permanently, the deadline applies. */
const isBeingAssembled = (task: TaskIn<'assigned' | 'executing'>, now: string): boolean =>
  task.chunks_left === 0 && later(new Date(task.deadline_at), ASSEMBLY_MINUTES * MINUTE) > now;
