import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import { getProfile, updateProfile } from '../../../lambdas/agents/profile.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { listAssignments } from '../../../lambdas/tasks/assignments.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { getTask } from '../../../lambdas/tasks/read-tasks.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import {
  AGENT_MARKET_FUNDS,
  AGENT_PRICE,
  ANSWERS,
  givenTo,
  marketWithAgent,
  registerAgent,
  submit,
} from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, drain, sweepAll } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me));
});

const FUNDS = AGENT_MARKET_FUNDS;
const page = { limit: 20 };
const wallet = (id: string) => market.wallets.get(id);
const profileOf = (agent: TestAgent) => getProfile(market, agent.id);
const outcomes = async (agent: TestAgent) =>
  (await listAssignments(market, agent.id, page)).items.map(({ outcome }) => outcome);

describe('a task that its agent does not complete', () => {
  const late = () => market.passTime(24 * HOUR);

  it('goes to Duke MM at the lower price, and late answers are rejected with the reason', async () => {
    const id = await givenTo(market, me, ann);
    await startTask(market, ann.id, id);
    late();
    await expect(submit(market, ann, id, ANSWERS)).rejects.toThrow('The deadline of this task was');
    await sweepAll(market);
    expect(await market.tasks.get(id)).toMatchObject({
      status: 'assigned',
      assigned_agent_id: DUKE_MM_ID,
      price_satoshis: AGENT_PRICE,
      attempt: 2,
      model_version: '1',
    });
    await expect(submit(market, ann, id, ANSWERS)).rejects.toEqual(code('wrong_state'));
    await expect(getTask(market, ann.caller, id)).rejects.toEqual(code('not_found'));
    expect(await outcomes(ann)).toEqual(['missed']);
    expect(await market.profiles.get(ann.id)).toMatchObject({ load: 0, free: 3, missed_in_a_row: 1 });
    await planTask(market, id); // the event of the new attempt
    await drain(market);
    await completeTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'completed', price_satoshis: AGENT_PRICE });
  });

  it('goes from Duke MM to a cheaper agent, and the difference is refunded', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    const [stale] = market.queue.splice(0);
    market.passTime(30 * MINUTE);
    await sweepAll(market);
    expect(await market.tasks.get(id)).toMatchObject({
      assigned_agent_id: ann.id,
      price_satoshis: AGENT_PRICE,
    });
    expect(await wallet(me.userId)).toMatchObject({
      balance_satoshis: FUNDS - AGENT_PRICE,
      held_satoshis: AGENT_PRICE,
    });
    await executeChunk(market, stale!.message, 1); // Duke MM comes late
    expect(market.dukeMM.requests).toHaveLength(0);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'assigned' });
    expect(await submit(market, ann, id, ANSWERS)).toMatchObject({ outcome: 'delivered' });
  });

  it('is refunded after three agents', async () => {
    const others = [await registerAgent(market, 'bob-agent'), await registerAgent(market, 'cat-agent')];
    const id = await givenTo(market, me, ann);
    for (let i = 0; i < 3; i++) {
      late();
      await sweepAll(market);
    }
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect(await wallet(me.userId)).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
    for (const agent of [ann, ...others]) expect(await profileOf(agent)).toMatchObject({ load: 0 });
  });

  it('is reassigned at once when it is given up, without its answers', async () => {
    const bob = await registerAgent(market, 'bob-agent');
    market.dukeMM.next.length = 0;
    const id = await givenTo(market, me, ann);
    await submit(market, ann, id, { items: [{ id: 'item:1', prediction: 'ham' }] });
    expect(await submit(market, ann, id, { success: false })).toMatchObject({ outcome: 'given_up' });
    expect(await submit(market, ann, id, { success: false })).toMatchObject({ outcome: 'given_up' });
    await expect(submit(market, ann, id, ANSWERS)).rejects.toThrow('gave this task up');
    expect(await outcomes(ann)).toEqual(['given_up']);
    expect((await market.tasks.get(id))?.assigned_agent_id).toBe(DUKE_MM_ID);
    expect(await outcomes(bob)).toEqual([]);
  });

  it('is withdrawn if the buyer cancels, and the agent gets the reason', async () => {
    const id = await givenTo(market, me, ann);
    await cancelTask(market, me.userId, id);
    await expect(submit(market, ann, id, ANSWERS)).rejects.toThrow('cancelled');
    expect(await profileOf(ann)).toMatchObject({ load: 0 });
    expect(await wallet(me.userId)).toMatchObject({ balance_satoshis: FUNDS });
  });

  it('is either cancelled or delivered if both happen concurrently, and the money moves once', async () => {
    const id = await givenTo(market, me, ann);
    await Promise.allSettled([cancelTask(market, me.userId, id), submit(market, ann, id, ANSWERS)]);
    const task = (await market.tasks.get(id))!;
    expect(['cancelled', 'completed']).toContain(task.status);
    const held = (await wallet(me.userId)).held_satoshis;
    expect(held).toBe(task.status === 'completed' ? AGENT_PRICE : 0);
    expect(await profileOf(ann)).toMatchObject({ load: 0 });
  });

  /** The store of a request that has read the task before it moved to another agent. */
  const asReadBefore = async (id: string) => {
    const before = await market.tasks.get(id);
    return { ...market.tasks, get: async () => structuredClone(before) };
  };

  it('is not cancelled at its old price by a request that read it before it moved', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await givenTo(market, me, ann, { complexity: 2 }); // holds enough that a refund too high would be covered
    await planTask(market, id);
    const tasks = await asReadBefore(id);
    market.passTime(30 * MINUTE);
    await sweepAll(market);
    const held = (await wallet(me.userId)).held_satoshis;
    await expect(cancelTask({ ...market, tasks }, me.userId, id)).rejects.toEqual(code('wrong_state'));
    expect((await wallet(me.userId)).held_satoshis).toBe(held);
  });

  it('is not completed for an earlier agent while the next one works on it', async () => {
    const bob = await registerAgent(market, 'bob-agent');
    market.basePriceSatoshis = 100_000;
    const id = await givenTo(market, me, ann);
    const output = new Error('died before the output was written');
    const dying = { ...market, work: { ...market.work, put: market.work.put.bind(market.work) } };
    const put = dying.work.put;
    dying.work.put = async (key, ...rest) => {
      if (key.includes('/output')) throw output;
      return put(key, ...rest);
    };
    await expect(submit(dying, ann, id, ANSWERS)).rejects.toThrow(output.message);
    const tasks = await asReadBefore(id);
    market.passTime(24 * HOUR + 11 * MINUTE);
    await updateProfile(market, bob.id, { capacity: 2 });
    await sweepAll(market);
    await planTask(market, id);
    const [message] = market.queue.splice(0);
    market.dukeMM.next.push({ outcome: 'busy', why: 'full', retryAfterSeconds: 1 });
    await executeChunk(market, message!.message, 1); // the next agent has started
    await completeTask({ ...market, tasks }, id);
    expect(await market.tasks.get(id)).toMatchObject({
      status: 'executing',
      attempt: 2,
      assigned_agent_id: DUKE_MM_ID,
    });
  });

  it('can be completed by an agent that pauses meanwhile', async () => {
    const id = await givenTo(market, me, ann);
    await startTask(market, ann.id, id);
    await updateProfile(market, ann.id, { paused: true });
    expect(await submit(market, ann, id, ANSWERS)).toMatchObject({ outcome: 'delivered' });
  });
});
