import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import { listAgents, updateProfile } from '../../../lambdas/agents/profile.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { RetryableError } from '../../../lambdas/shared/retry.ts';
import { listAssignments } from '../../../lambdas/tasks/assignments.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { followAccount } from '../../../lambdas/tasks/withdraw-agent.ts';
import {
  AGENT_MARKET_FUNDS,
  AGENT_PRICE,
  ANSWERS,
  givenTo,
  marketWithAgent,
  registerAgent,
  setActive,
  submit,
} from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer, csvFile, fund, marketplace } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, columns, drain, fillIn, table } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me));
});

const disable = async () => {
  await setActive(market, ann, false);
  await followAccount(market, ann.id);
};
const listed = async () => (await listAgents(market, { limit: 20 })).items.map(({ agent_id }) => agent_id);

describe('an agent whose account is disabled', () => {
  it('loses its tasks at once to the next candidate, who completes them', async () => {
    const started = await givenTo(market, me, ann);
    await startTask(market, ann.id, started);
    const waiting = await givenTo(market, me, ann);
    await disable();
    for (const id of [started, waiting]) {
      expect(await market.tasks.get(id)).toMatchObject({
        status: 'assigned',
        assigned_agent_id: DUKE_MM_ID,
        price_satoshis: AGENT_PRICE,
        attempt: 2,
      });
      await planTask(market, id);
    }
    await drain(market);
    await completeTask(market, started);
    expect(await market.tasks.get(started)).toMatchObject({ status: 'completed' });
    const { items } = await listAssignments(market, ann.id, { limit: 20 });
    expect(items.map(({ outcome }) => outcome)).toEqual(['withdrawn', 'withdrawn']);
    expect(await market.profiles.get(ann.id)).toMatchObject({ load: 0, free: 3, missed_in_a_row: 0 });
  });

  it('gets the reason when it submits with a token that is still valid', async () => {
    const id = await givenTo(market, me, ann);
    await startTask(market, ann.id, id);
    await disable();
    await expect(submit(market, ann, id, ANSWERS)).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('disabled') as string,
    });
  });

  it('is not listed, cannot list itself, and is listed as soon as it is enabled', async () => {
    await disable();
    expect(await listed()).toEqual([]);
    await expect(updateProfile(market, ann.id, { paused: false })).rejects.toEqual(code('user_disabled'));
    expect(await listed()).toEqual([]);
    await setActive(market, ann, true);
    await followAccount(market, ann.id);
    expect(await listed()).toEqual([ann.id]);
    await givenTo(market, me, ann);
  });

  it('is not listed again if it had paused', async () => {
    await updateProfile(market, ann.id, { paused: true });
    await disable();
    await setActive(market, ann, true);
    await followAccount(market, ann.id);
    expect(await listed()).toEqual([]);
  });

  it('loses a task that is not split into chunks yet, which is then planned for the next agent', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file, { preferred_agent: ann.name }), newId());
    const before = (await market.tasks.get(id))!;
    await disable();
    expect(await market.tasks.get(id)).toMatchObject({ status: 'created', assigned_agent_id: DUKE_MM_ID });
    // A planner that read the task before it moved.
    await planTask({ ...market, tasks: { ...market.tasks, get: async () => structuredClone(before) } }, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'created', assigned_agent_id: DUKE_MM_ID });
    await planTask(market, id);
    await drain(market);
    await completeTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'completed', assigned_agent_id: DUKE_MM_ID });
  });

  it('keeps a fully answered task, which is delivered', async () => {
    const id = await givenTo(market, me, ann);
    const work = { ...market.work, put: market.work.put.bind(market.work) };
    const { put } = work;
    work.put = async (key, ...rest) => {
      if (key.includes('/output')) throw new Error('died');
      return put(key, ...rest);
    };
    await expect(submit({ ...market, work }, ann, id, ANSWERS)).rejects.toThrow('died');
    await disable();
    await completeTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'completed', assigned_agent_id: ann.id });
  });

  it('loses a task without another candidate, and the buyer is refunded', async () => {
    market = await marketplace(undefined, undefined, ['regression']);
    await fund(market, me, AGENT_MARKET_FUNDS);
    ann = await registerAgent(market, 'ann-agent');
    const id = await givenTo(market, me, ann);
    await disable();
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: AGENT_MARKET_FUNDS,
      held_satoshis: 0,
    });
  });

  it('loses tasks that the index lists late', async () => {
    const id = await givenTo(market, me, ann);
    const list: typeof market.assignments.list = (...args) => market.assignments.list(...args);
    let behind = true;
    const assignments = {
      ...market.assignments,
      list: async (...args: Parameters<typeof list>) => {
        const page = await list(...args);
        return behind ? { ...page, items: [] } : page;
      },
    };
    await setActive(market, ann, false);
    await expect(followAccount({ ...market, assignments }, ann.id)).rejects.toBeInstanceOf(RetryableError);
    behind = false;
    await followAccount({ ...market, assignments }, ann.id);
    expect((await market.tasks.get(id))?.assigned_agent_id).toBe(DUKE_MM_ID);
  });

  it('whose role was changed to buyer gets no new task', async () => {
    await market.table.write({
      update: { pk: `USER#${ann.id}`, sk: 'PROFILE' },
      set: { user_type: 'buyer' },
    });
    await followAccount(market, ann.id);
    expect(await listed()).toEqual([]);
    await expect(givenTo(market, me, ann)).rejects.toEqual(code('no_agent_available'));
  });
});
