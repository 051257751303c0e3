import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { mayWaitFor, waitForEnd } from '../../../lambdas/tasks/wait-for-end.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const me = buyer();
let market: Marketplace;
beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

/** What a wait does: each sleep in milliseconds, and how often the table is read. */
function watched(onSleep: (slept: number[]) => Promise<unknown> = async () => undefined) {
  const slept: number[] = [];
  const get = vi.fn((id: string) => market.tasks.get(id));
  const sleep = async (ms: number) => {
    slept.push(ms);
    await onSleep(slept);
  };
  return { slept, get, deps: { tasks: { get }, sleep } };
}

describe('waiting for the end of a new task', () => {
  it('returns it as soon as a read finds that it has ended', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    const { deps, slept } = watched(async (so) => so.length === 3 && cancelTask(market, me.userId, task.id));
    expect(await waitForEnd(deps, task, 25)).toMatchObject({ id: task.id, status: 'cancelled' });
    expect(slept).toEqual([100, 200, 400]);
  });

  it('gives up at the timeout, after eight reads', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    const { deps, slept, get } = watched();
    expect(await waitForEnd(deps, task, 25)).toMatchObject({ status: 'assigned' });
    expect(slept.reduce((sum, ms) => sum + ms)).toBe(25_000);
    expect(get).toHaveBeenCalledTimes(8);
  });

  it('does not read a task that has ended already', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    await cancelTask(market, me.userId, task.id);
    const { deps, get } = watched();
    await waitForEnd(deps, { ...task, status: 'cancelled' }, 25);
    expect(get).not.toHaveBeenCalled();
  });

  it('happens for Duke MM only', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    expect(mayWaitFor(task)).toBe(true);
    expect(mayWaitFor({ assigned_agent_id: newId() })).toBe(false);
  });
});
