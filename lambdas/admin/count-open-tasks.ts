import * as z from 'zod';
import { OpenTasks } from '../../contracts/entities/figures.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { keys } from '../../contracts/naming.ts';
import type { Clock } from '../shared/clock.ts';
import { DAY } from '../shared/clock.ts';
import { RetryableError, retry } from '../shared/retry.ts';
import { parseRecord, record, ttlSeconds } from '../shared/stores/records.ts';
import { succeeds } from '../shared/stores/table.ts';
import type { Table, TransactionStep } from '../shared/stores/table.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';

export interface OpenTasksDependencies {
  readonly table: Table;
  readonly tasks: Pick<TaskStore, 'get'>;
  readonly clock: Clock;
}

/** What a task adds to the open tasks. */
const Share = OpenTasks.partial();
type Share = z.infer<typeof Share>;
const StoredShare = z.object({ share: Share, revision: z.int() });

const FIGURES = Object.keys(OpenTasks.shape) as (keyof OpenTasks)[];
/** Other batches that count the same tasks at the same moment. */
const ATTEMPTS = 8;
/** Exceeds the retention of the queue and its dead-letter queue. */
const SETTLED_KEPT = 30 * DAY;

function shareOf(task: Task | undefined): Share {
  if (!task || task.settlement !== 'held') return {};
  const { status, price_satoshis: held_satoshis } = task;
  switch (status) {
    case 'created':
    case 'assigned':
    case 'executing':
      return { [status]: 1, held_satoshis };
    case 'completed':
      return { awaiting_verdict: 1, held_satoshis };
    default:
      return {};
  }
}

/**
 * Brings the numbers of open tasks up to date with these tasks. What a task adds is stored beside it with a revision, so
 * events may come twice, late or in any order: each reads the task as it is now.
 */
export async function countOpenTasks(deps: OpenTasksDependencies, taskIds: readonly string[]): Promise<void> {
  const ids = [...new Set(taskIds)];
  await retry(
    async () => {
      const changes = (await Promise.all(ids.map((id) => changeOf(deps, id)))).flat();
      if (changes.length === 0) return;
      const update = { update: keys.openTasks(), set: { entity: 'open_tasks' }, add: sumOf(changes) };
      if (!(await succeeds(deps.table.transact([...changes.map(({ step }) => step), update]))))
        throw new RetryableError('another batch counted one of the tasks at the same moment');
    },
    { attempts: ATTEMPTS },
  );
}

interface Change {
  readonly step: TransactionStep;
  readonly before: Share;
  readonly after: Share;
}

async function changeOf({ table, tasks, clock }: OpenTasksDependencies, id: string): Promise<Change[]> {
  // Before the task: what is counted is then never newer than the task that is compared with it.
  const item = await table.get(keys.openTask(id), { consistent: true });
  const counted = item && parseRecord(StoredShare, item);
  const before = counted?.share ?? {};
  const after = shareOf(await tasks.get(id, { consistent: true }));
  if (FIGURES.every((name) => before[name] === after[name])) return [];
  const data = {
    share: after,
    revision: (counted?.revision ?? 0) + 1,
    ...(Object.keys(after).length === 0 && { ttl: ttlSeconds(new Date(clock().getTime() + SETTLED_KEPT)) }),
  };
  const step: TransactionStep = {
    put: record('open_task', keys.openTask(id), data),
    when: [
      counted
        ? { attribute: 'revision', is: 'equal', value: counted.revision }
        : { attribute: 'pk', is: 'absent' },
    ],
  };
  return [{ step, before, after }];
}

function sumOf(changes: readonly Change[]): Record<string, number> {
  return Object.fromEntries(
    FIGURES.flatMap((name) => {
      const sum = changes.reduce(
        (total, { before, after }) => total + (after[name] ?? 0) - (before[name] ?? 0),
        0,
      );
      return sum === 0 ? [] : [[name, sum]];
    }),
  );
}

/** The numbers of tasks that are not settled. */
export async function readOpenTasks(table: Pick<Table, 'get'>): Promise<OpenTasks> {
  const item = await table.get(keys.openTasks());
  return item ? parseRecord(OpenTasks, item) : OpenTasks.parse({});
}
