import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask, failTask } from '../../../lambdas/tasks/end-task.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { givenTo, registerAgent } from '../support/agents.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { columns, delivered, drain, fillIn, table } from '../support/task-flow.ts';

const me = buyer();
const FUNDS = 1_000_000;
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, FUNDS);
});

const post = async (): Promise<string> => (await createTask(market, me, taskBody(), newId())).id;
const taskOf = async (id: string) => (await market.tasks.get(id))!;
const money = () => market.wallets.get(me.userId);

describe('failing a task', () => {
  it('refunds the whole price, with the reason cut to its maximum length', async () => {
    const id = await post();
    expect(await failTask(market, await taskOf(id), 'x'.repeat(1200))).toBe(true);
    const failed = await taskOf(id);
    expect(failed).toMatchObject({
      status: 'failed',
      settlement: 'refunded',
      failure_reason: 'x'.repeat(1000),
    });
    expect(failed).not.toHaveProperty('deadline_at');
    expect(await money()).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
  });

  it('ends the assignment of its agent as failed, unless told otherwise', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    for (const outcome of [undefined, 'missed'] as const) {
      const id = await givenTo(market, me, ann);
      await failTask(market, await taskOf(id), 'no', ...(outcome ? [outcome] : []));
      expect(await market.assignments.get(ann.id, id)).toMatchObject({ outcome: outcome ?? 'failed' });
    }
  });

  it('does nothing to a task that has ended, however it ended', async () => {
    const { taskId } = await delivered(market, me);
    const cancelled = await post();
    await cancelTask(market, me.userId, cancelled);
    const before = await money();
    for (const id of [taskId, cancelled]) {
      const task = await taskOf(id);
      expect(await failTask(market, task, 'no')).toBe(false);
      expect(await taskOf(id)).toEqual(task);
    }
    expect(await money()).toEqual(before);
  });

  it('does nothing if the task ended since it was read', async () => {
    const id = await post();
    const read = await taskOf(id);
    await cancelTask(market, me.userId, id);
    expect(await failTask(market, read, 'no')).toBe(false);
  });
});

describe('cancelling a task', () => {
  it('is allowed for its buyer only, and for existing tasks', async () => {
    const id = await post();
    const refused = { code: 'not_found', message: 'There is no such task of yours.' };
    await expect(cancelTask(market, buyer().userId, id)).rejects.toMatchObject(refused);
    await expect(cancelTask(market, me.userId, newId())).rejects.toMatchObject(refused);
    expect(await taskOf(id)).toMatchObject({ status: 'assigned', settlement: 'held' });
    expect(await money()).toMatchObject({ held_satoshis: 200_000 });
  });

  it.each(['created', 'assigned'] as const)(
    'refunds the whole price before execution: %s',
    async (status) => {
      const file = await csvFile(market, me, table, columns);
      const { id } = await createTask(market, me, status === 'created' ? fillIn(file) : taskBody(), newId());
      expect(await taskOf(id)).toMatchObject({ status });
      const view = await cancelTask(market, me.userId, id);
      expect(view).toMatchObject({ id, status: 'cancelled', settlement: 'refunded' });
      expect(await taskOf(id)).not.toHaveProperty('deadline_at');
      expect(await money()).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
    },
  );

  it('is rejected once an agent has started, with the state of the task', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    const id = await givenTo(market, me, ann);
    await startTask(market, ann.id, id);
    await expect(cancelTask(market, me.userId, id)).rejects.toMatchObject({
      code: 'wrong_state',
      message: 'The task is executing; only one that is not executing yet can be cancelled.',
    });
    expect(await money()).toMatchObject({ held_satoshis: 120_000 });
  });

  it('retries if the task is reassigned concurrently, as often as it can be reassigned', async () => {
    const id = await post();
    let refusals = 2;
    let asked = 0;
    const tasks: typeof market.tasks = {
      ...market.tasks,
      end: async (...args) => {
        asked += 1;
        return refusals-- > 0 ? false : market.tasks.end(...args);
      },
    };
    expect(await cancelTask({ ...market, tasks }, me.userId, id)).toMatchObject({ status: 'cancelled' });
    expect(asked).toBe(3);
    const other = await post();
    refusals = Infinity;
    asked = 0;
    await expect(cancelTask({ ...market, tasks }, me.userId, other)).rejects.toMatchObject({
      message: 'The task is assigned; only one that is not executing yet can be cancelled.',
    });
    expect(asked).toBe(3);
    await drain(market);
  });

  it('reports a task that was deleted meanwhile as missing', async () => {
    const id = await post();
    const task = await taskOf(id);
    let reads = 0;
    const tasks: typeof market.tasks = {
      ...market.tasks,
      get: async () => (reads++ < 3 ? task : undefined),
      end: async () => false,
    };
    await expect(cancelTask({ ...market, tasks }, me.userId, id)).rejects.toThrow('The task is gone;');
  });
});
