import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenTasks } from '../../../contracts/entities/figures.ts';
import { countOpenTasks, readOpenTasks } from '../../../lambdas/admin/count-open-tasks.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
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

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 100 * PRICE);
});

const NONE: OpenTasks = { created: 0, assigned: 0, executing: 0, awaiting_verdict: 0, held_satoshis: 0 };
const count = (ids: readonly string[]) => countOpenTasks(market, ids);
const open = () => readOpenTasks(market.table);

/** The steps of a task's life; each returns with the task in another status. */
const LIFE: readonly ((id: string) => Promise<unknown>)[] = [
  (id) => createTask(market, me, taskBody(), id),
  (id) => planTask(market, id),
  () => drain(market),
  (id) => completeTask(market, id),
  async (id) => {
    const task = await market.tasks.get(id);
    if (task?.status !== 'completed') throw new Error(`the task is ${task?.status}`);
    await giveFeedback(market, me.userId, task.result_id, { verdict: 'accept', corrections: [] });
  },
];

describe('the counts of open tasks', () => {
  it('are zero before there are tasks, and ignore tasks that do not exist', async () => {
    expect(await open()).toEqual(NONE);
    await count([newId()]);
    expect(await open()).toEqual(NONE);
  });

  it('follow a task and its held price from posting to the verdict', async () => {
    const id = newId();
    const seen: OpenTasks[] = [];
    for (const step of LIFE) {
      await step(id);
      await count([id]);
      seen.push(await open());
    }
    expect(seen[0]!.held_satoshis).toBe(PRICE);
    expect(seen.at(-2)).toEqual({ ...NONE, awaiting_verdict: 1, held_satoshis: PRICE });
    expect(seen.at(-1)).toEqual(NONE);
  });

  it('subtract a cancelled task', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await count([id]);
    await cancelTask(market, me.userId, id);
    await count([id]);
    expect(await open()).toEqual(NONE);
  });

  it('are correct for reordered, repeated and overlapping events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.array(fc.array(fc.nat(2), { maxLength: 4 }), { maxLength: 3 })), {
          maxLength: 15,
        }),
        async (moves) => {
          market = await marketplace();
          await fund(market, me, 100 * PRICE);
          const tasks = [newId(), newId(), newId()].map((id) => ({ id, at: 0 }));
          for (const [which, batches] of moves) {
            const task = tasks[which]!;
            const step = LIFE[task.at];
            if (step) {
              task.at += 1;
              await step(task.id);
            }
            // Batches at the same moment, with tasks twice.
            await Promise.all(batches.map((batch) => count(batch.map((n) => tasks[n]!.id))));
          }
          await count(tasks.map(({ id }) => id));
          const held = tasks.filter(({ at }) => at > 0 && at < LIFE.length).length;
          const now = await open();
          expect(now.held_satoshis).toBe(held * PRICE);
          expect(now.created + now.assigned + now.executing + now.awaiting_verdict).toBe(held);
          expect(now.awaiting_verdict).toBe(tasks.filter(({ at }) => at === LIFE.length - 1).length);
        },
      ),
      { numRuns: 25 },
    );
  });
});
