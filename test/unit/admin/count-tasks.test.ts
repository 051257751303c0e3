import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { countTasks } from '../../../lambdas/admin/count-tasks.ts';
import type { TaskChange } from '../../../lambdas/admin/count-tasks.ts';
import { accountSummary } from '../../../lambdas/admin/read-figures.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { ConditionFailed } from '../../../lambdas/shared/stores/table.ts';
import type { Table } from '../../../lambdas/shared/stores/table.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { drain, PRICE } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let rejected: number;
let reads: number;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 100 * PRICE);
  rejected = 0;
  reads = 0;
});

const watched = (): Table => ({
  ...market.table,
  transact: async (steps) => {
    try {
      await market.table.transact(steps);
    } catch (error) {
      if (error instanceof ConditionFailed) rejected += 1;
      throw error;
    }
  },
});
const count = (changes: readonly TaskChange[]) =>
  countTasks(
    {
      ...market,
      table: watched(),
      tasks: {
        get: (id, options) => {
          reads += 1;
          return market.tasks.get(id, options);
        },
      },
    },
    changes,
  );
const figures = () => accountSummary(market, me.userId, 30);
const changeOf = async (id: string): Promise<TaskChange> => {
  const { status, settlement } = (await market.tasks.get(id))!;
  return { task_id: id, status, settlement };
};

/** Runs a task to its verdict. @returns its changes, as the table's stream tells of them */
async function accepted(seen: (change: TaskChange) => Promise<void> = async () => {}): Promise<TaskChange[]> {
  const id = newId();
  const changes: TaskChange[] = [];
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      await createTask(market, me, taskBody(), id);
      await planTask(market, id);
    },
    () => drain(market),
    () => completeTask(market, id),
    async () => {
      const task = await market.tasks.get(id);
      if (task?.status !== 'completed') throw new Error(`the task is ${task?.status}`);
      await giveFeedback(market, me.userId, task.result_id, { verdict: 'accept', corrections: [] });
    },
  ];
  for (const step of steps) {
    await step();
    const change = await changeOf(id);
    changes.push(change);
    await seen(change);
  }
  return changes;
}

const ONE = { posted: 1, completed: 1, judged: 1, released_satoshis: PRICE, failed: 0, cancelled: 0 };

test('each moment of a task is counted with its event, and no transaction is rejected', async () => {
  const changes = await accepted((change) => count([change]));
  expect(changes.map(({ status }) => status)).toEqual(['assigned', 'executing', 'completed', 'completed']);
  expect(await figures()).toMatchObject(ONE);
  expect({ rejected, reads }).toEqual({ rejected: 0, reads: 3 });
});

test('a task that was cancelled before it had an agent counts as posted, too', async () => {
  const { id } = await createTask(market, me, taskBody(), newId());
  await cancelTask(market, me.userId, id);
  await count([await changeOf(id)]);
  expect(await figures()).toMatchObject({ posted: 1, cancelled: 1, refunded_satoshis: PRICE });
  expect(rejected).toBe(0);
});

test('events in any order, repeated and in any batches count the same', async () => {
  const changes = [...(await accepted()), ...(await accepted())];
  const batch = fc.array(fc.nat(changes.length - 1), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 6 }), async (batches) => {
      const figuresOf = await marketplace();
      const deps = { ...market, table: figuresOf.table };
      for (const some of batches)
        await countTasks(
          deps,
          some.map((i) => changes[i]!),
        );
      for (const change of changes.toReversed()) await countTasks(deps, [change]);
      const twice = { ...ONE, posted: 2, completed: 2, judged: 2, released_satoshis: 2 * PRICE };
      expect(await accountSummary({ ...figuresOf, clock: market.clock }, me.userId, 30)).toMatchObject(twice);
    }),
    { numRuns: 30 },
  );
});
