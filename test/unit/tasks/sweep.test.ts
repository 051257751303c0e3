import { beforeEach, describe, expect, it, vi } from 'vitest';
import { allShards, keys, shardOf } from '../../../contracts/naming.ts';
import { HOUR } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { sweepShard } from '../../../lambdas/tasks/sweep.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { PRICE } from '../support/task-flow.ts';

const SHARD = 3;
const me = buyer();
let market: Marketplace;
/** Ids of tasks that cannot be ended. */
let stuck: Set<string>;
let tried: string[];

beforeEach(async () => {
  vi.spyOn(logger, 'error').mockReturnValue(undefined);
  stuck = new Set();
  tried = [];
  market = await marketplace();
  await fund(market, me, 1_000 * PRICE);
});

const idInShard = (shard = SHARD): string => {
  for (;;) {
    const id = newId();
    if (shardOf(id) === shard) return id;
  }
};

/** Tasks whose deadline comes one second after the other. */
async function post(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    market.passTime(1000);
    const { id } = await createTask(market, me, taskBody(), idInShard());
    ids.push(id);
  }
  return ids;
}

const sweep = (timeLeft = () => 60_000, shard = SHARD) => {
  const { tasks } = market;
  const end: typeof tasks.end = async (task, ...rest) => {
    tried.push(task.id);
    if (stuck.has(task.id)) throw new Error('this one cannot be ended');
    return tasks.end(task, ...rest);
  };
  return sweepShard({ ...market, tasks: { ...tasks, end } }, shard, timeLeft);
};
const breakRecord = (id: string) => {
  const name = `${keys.task(id).pk} ${keys.task(id).sk}`;
  market.table.items.set(name, { ...market.table.items.get(name), complexity: 'broken' });
};
const mendRecord = (id: string) => {
  const name = `${keys.task(id).pk} ${keys.task(id).sk}`;
  market.table.items.set(name, { ...market.table.items.get(name), complexity: 1 });
};
const held = async () => (await market.wallets.get(me.userId)).held_satoshis / PRICE;

describe('the sweep of a shard', () => {
  it('ends every healthy task beside records that do not parse', async () => {
    const ids = await post(20);
    breakRecord(ids[0]!);
    market.passTime(HOUR);
    expect(await sweep()).toEqual({ failed: 19, accepted: 0, aside: 1 });
    expect(await held()).toBe(1);
  });

  it('is not starved by fifty or more tasks that cannot be ended', async () => {
    const ids = await post(120);
    stuck = new Set(ids.slice(0, 60));
    market.passTime(HOUR);
    expect(await sweep()).toEqual({ failed: 60, accepted: 0, aside: 60 });
    expect(await held()).toBe(60);
  });

  it('goes from the oldest to the newest, and retries tasks set aside last', async () => {
    const old = await post(3);
    stuck = new Set(old.slice(0, 2));
    market.passTime(HOUR);
    await sweep();
    const fresh = await post(2);
    market.passTime(HOUR);
    tried = [];
    await sweep();
    expect(tried).toEqual([...fresh, ...old.slice(0, 2)]);
  });

  it('ends a task set aside once, as soon as it can be ended', async () => {
    const ids = await post(2);
    stuck = new Set([ids[0]!]);
    breakRecord(ids[1]!);
    market.passTime(HOUR);
    expect(await sweep()).toEqual({ failed: 0, accepted: 0, aside: 2 });
    stuck.clear();
    mendRecord(ids[1]!);
    expect(await sweep()).toEqual({ failed: 2, accepted: 0, aside: 0 });
    expect(await sweep()).toEqual({ failed: 0, accepted: 0, aside: 0 });
    expect(await held()).toBe(0);
  });

  it('skips bad records on a full page and continues with the next page', async () => {
    const ids = await post(51);
    ids.slice(0, 50).forEach(breakRecord);
    market.passTime(HOUR);
    expect(await sweep()).toEqual({ failed: 1, accepted: 0, aside: 50 });
    expect(await held()).toBe(50);
  });

  it.each(allShards())('ends the tasks of shard %i, and of no other', async (shard) => {
    for (const each of allShards()) await createTask(market, me, taskBody(), idInShard(each));
    market.passTime(HOUR);
    expect(await sweep(undefined, shard)).toEqual({ failed: 1, accepted: 0, aside: 0 });
    expect(tried.map((id) => shardOf(id))).toEqual([shard]);
    expect(await held()).toBe(allShards().length - 1);
  });

  it('stops in time, and the next run continues', async () => {
    await post(10);
    market.passTime(HOUR);
    let calls = 0;
    expect((await sweep(() => (++calls > 4 ? 1000 : 60_000))).failed).toBe(4);
    expect((await sweep()).failed).toBe(6);
  });

  it('ends four tasks at a time', async () => {
    await post(12);
    market.passTime(HOUR);
    let running = 0;
    let most = 0;
    const { tasks } = market;
    const end: typeof tasks.end = async (...args) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return tasks.end(...args);
    };
    const counts = await sweepShard({ ...market, tasks: { ...tasks, end } }, SHARD, () => 60_000);
    expect(counts.failed).toBe(12);
    expect(most).toBe(4);
  });
});
