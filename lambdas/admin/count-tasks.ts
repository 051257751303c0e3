import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { ALL_ACCOUNTS, latencyBucket } from '../../contracts/entities/figures.ts';
import type { Result } from '../../contracts/entities/result.ts';
import type { EventDetail } from '../../contracts/events/index.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { keys } from '../../contracts/naming.ts';
import { refundSatoshis } from '../../contracts/rules/refund.ts';
import type { Clock } from '../shared/clock.ts';
import { DAY } from '../shared/clock.ts';
import { figureStep, TOTAL } from '../shared/stores/figure-store.ts';
import type { FigureChanges } from '../shared/stores/figure-store.ts';
import { record, ttlSeconds } from '../shared/stores/records.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import type { Table, TransactionStep } from '../shared/stores/table.ts';
import { ConditionFailed } from '../shared/stores/table.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';

export interface CountDependencies {
  readonly table: Table;
  readonly tasks: Pick<TaskStore, 'get'>;
  readonly results: Pick<ResultStore, 'get'>;
  readonly clock: Clock;
}

/** A moment in the life of a task, counted once. */
interface Moment {
  readonly taskId: string;
  readonly name: 'posted' | 'ended' | 'settled';
  readonly at: string;
  /** Accounts whose figures change, besides the total. */
  readonly accounts: readonly string[];
  readonly changes: FigureChanges;
}

/** A changed task, as its event tells. */
export type TaskChange = Pick<EventDetail<'task.updated'>, 'task_id' | 'status' | 'settlement'>;

/** Exceeds the retention of the queue and its dead-letter queue. */
const MARKER_KEPT = 30 * DAY;

/**
 * Adds the moments that these changes tell of to the figures of their buyer, their agent and the total. A marker per moment
 * prevents counting a repeated event; all tasks of a batch update each item of figures once.
 */
export async function countTasks(deps: CountDependencies, changes: readonly TaskChange[]): Promise<void> {
  const told = new Map<string, Set<Moment['name']>>();
  for (const change of changes) {
    const names = toldBy(change);
    if (names.length > 0) told.set(change.task_id, new Set([...(told.get(change.task_id) ?? []), ...names]));
  }
  const moments = await Promise.all(
    [...told].map(async ([id, names]) => (await momentsOf(deps, id)).filter(({ name }) => names.has(name))),
  );
  let uncounted = moments.flat();
  while (uncounted.length > 0) {
    try {
      await deps.table.transact(stepsOf(uncounted, deps.clock()));
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const counted = new Set(error.failed);
      uncounted = uncounted.filter((_, i) => !counted.has(i));
    }
  }
}

/**
 * The moments that a change is the event of. Earlier ones have events of their own, which are delivered too: counting them again
 * would only be rejected by their markers, with a second transaction for the rest.
 */
function toldBy({ status, settlement }: TaskChange): readonly Moment['name'][] {
  switch (status) {
    case 'created':
    case 'assigned':
      return ['posted'];
    case 'executing':
      return [];
    case 'completed':
      return settlement === 'held' ? ['ended'] : ['settled'];
    case 'failed':
    case 'cancelled':
      // Also of a task that was never assigned, whose posting had no event.
      return ['posted', 'ended', 'settled'];
  }
}

async function momentsOf({ tasks, results }: CountDependencies, id: string): Promise<Moment[]> {
  const task = await tasks.get(id, { consistent: true });
  if (!task) return [];
  const result =
    'result_id' in task && task.settlement !== 'held' ? await results.get(task.result_id) : undefined;
  return [posted(task), ...ended(task), ...settled(task, result)];
}

const posted = (task: Task): Moment => ({
  ...{ taskId: task.id, name: 'posted', at: task.created_at, accounts: [task.buyer_id] },
  changes: { posted: 1 },
});

function ended(task: Task): Moment[] {
  if (!('completed_at' in task)) return [];
  const { status, completed_at: at } = task;
  const base = { taskId: task.id, name: 'ended' as const, at };
  if (status !== 'completed') return [{ ...base, accounts: [task.buyer_id], changes: { [status]: 1 } }];
  const seconds = (Date.parse(at) - Date.parse(task.created_at)) / 1000;
  const changes = {
    completed: 1,
    ...(task.assigned_agent_id === DUKE_MM_ID && { by_duke_mm: 1 }),
    [latencyBucket(seconds)]: 1,
  };
  return [{ ...base, accounts: [task.buyer_id, task.assigned_agent_id], changes }];
}

function settled(task: Task, result: Result | undefined): Moment[] {
  if (task.settlement === 'held') return [];
  const at = 'settled_at' in task && task.settled_at ? task.settled_at : task.updated_at;
  const price = task.price_satoshis;
  const base = { taskId: task.id, name: 'settled' as const, at };
  if (!result) return [{ ...base, accounts: [task.buyer_id], changes: { refunded_satoshis: price } }];
  const refused = 'feedback' in result ? result.feedback.refused_count : 0;
  const refund = refundSatoshis(price, refused, result.item_count);
  const changes = {
    judged: 1,
    share_bp: Math.round((10_000 * (result.item_count - refused)) / result.item_count),
    released_satoshis: price - refund,
    refunded_satoshis: refund,
  };
  return [{ ...base, accounts: [task.buyer_id, result.agent_id], changes }];
}

/** The markers first, in the order of the moments; then each item of figures once. */
function stepsOf(moments: readonly Moment[], now: Date): TransactionStep[] {
  const ttl = ttlSeconds(new Date(now.getTime() + MARKER_KEPT));
  const markers = moments.map(({ taskId, name }) => ({
    put: record('counted', keys.counted(taskId, name), { ttl }),
    when: [{ attribute: 'pk', is: 'absent' } as const],
  }));
  const sums = new Map<string, { account: string; period: string; add: Record<string, number> }>();
  const add = (account: string, period: string, changes: FigureChanges): void => {
    const name = `${account} ${period}`;
    const sum = sums.get(name) ?? { account, period, add: {} };
    for (const [figure, by = 0] of Object.entries(changes)) sum.add[figure] = (sum.add[figure] ?? 0) + by;
    sums.set(name, sum);
  };
  for (const { at, accounts, changes } of moments) {
    add(ALL_ACCOUNTS, at.slice(0, 13), changes);
    for (const account of accounts) {
      add(account, at.slice(0, 10), changes);
      add(account, TOTAL, changes);
    }
  }
  return [...markers, ...[...sums.values()].map((sum) => figureStep(sum.account, sum.period, sum.add))];
}
