import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import type { TaskIn } from '../../../contracts/entities/task.ts';
import { updateProfile } from '../../../lambdas/agents/profile.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { moveToNextAgent } from '../../../lambdas/tasks/next-agent.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { AGENT_PRICE, givenTo, marketWithAgent, registerAgent } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const me = buyer();
const FUNDS = 1_000_000;
let market: Marketplace;
let ann: TestAgent;
let id: string;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me, FUNDS));
  id = await givenTo(market, me, ann);
});

const running = async () => (await market.tasks.get(id)) as TaskIn<'assigned'>;
const move = async (outcome: 'missed' | 'given_up' = 'missed') =>
  moveToNextAgent(market, await running(), outcome, 'why');
const dueIn = (task: { deadline_at: string }): number =>
  (Date.parse(task.deadline_at) - market.clock().getTime()) / MINUTE;
/** Whoever is selected cannot take the task by the time it is written. */
const unavailable = (times: number) => {
  const tried: string[] = [];
  const tasks: typeof market.tasks = {
    ...market.tasks,
    reassign: async (before, task, ...rest) => {
      tried.push(task.assigned_agent_id);
      return tried.length <= times ? 'agent_unavailable' : market.tasks.reassign(before, task, ...rest);
    },
  };
  return { tried, deps: { ...market, tasks } };
};

describe('a task whose agent loses it', () => {
  it('goes to Duke MM with its production version, its deadline, and at the lower price', async () => {
    market.passTime(7 * MINUTE);
    expect(await move()).toBe('moved');
    const moved = await running();
    expect(moved).toMatchObject({
      status: 'assigned',
      assigned_agent_id: DUKE_MM_ID,
      attempt: 2,
      tried_agent_ids: [ann.id],
      model_version: '1',
      price_satoshis: AGENT_PRICE,
      chunks_left: 1,
    });
    expect(dueIn(moved)).toBe(market.deadlineMinutes);
    expect(await market.assignments.get(ann.id, id)).toMatchObject({ outcome: 'missed' });
  });

  it('goes to another agent with the deadline of agents, and without a model version', async () => {
    await registerAgent(market, 'bob-agent');
    const { tried, deps } = unavailable(1);
    const moved = await moveToNextAgent(deps, await running(), 'given_up', 'why');
    expect(moved).toBe('moved');
    expect(new Set(tried).size).toBe(2);
    const tries = await running();
    expect(tries.assigned_agent_id).toBe(tried[1]);
    const toAgent = tries.assigned_agent_id !== DUKE_MM_ID;
    expect(dueIn(tries)).toBe(toAgent ? market.agentDeadlineMinutes : market.deadlineMinutes);
    expect('model_version' in tries).toBe(!toAgent);
    expect(await market.assignments.get(ann.id, id)).toMatchObject({ outcome: 'given_up' });
  });

  it('fails and is refunded if no other agent takes tasks of its kind', async () => {
    const models: typeof market.models = { ...market.models, routing: async () => undefined };
    expect(await moveToNextAgent({ ...market, models }, await running(), 'missed', 'Nobody is left.')).toBe(
      'failed',
    );
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', failure_reason: 'Nobody is left.' });
    expect(await market.wallets.get(me.userId)).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
  });

  it('fails after three agents', async () => {
    const tried = {
      ...(await running()),
      tried_agent_ids: [newId(), newId()], // a changed character of an id may be the same character
    };
    expect(await moveToNextAgent(market, tried, 'missed', 'why')).toBe('failed');
  });

  it('fails once ten agents in a row have filled up meanwhile', async () => {
    for (let i = 0; i < 11; i++) await registerAgent(market, `agent-number-${i}`);
    const { tried, deps } = unavailable(Infinity);
    expect(await moveToNextAgent(deps, await running(), 'missed', 'why')).toBe('failed');
    expect(new Set(tried).size).toBe(10);
    expect(tried).toHaveLength(10);
  });

  it('is unchanged if it was reassigned or ended since it was read', async () => {
    const read = await running();
    await move();
    const moved = await running();
    expect(await moveToNextAgent(market, read, 'missed', 'why')).toBe('stale');
    expect(await running()).toEqual(moved);
    await cancelTask(market, me.userId, id);
    expect(await moveToNextAgent(market, moved, 'missed', 'why')).toBe('stale');
    const models: typeof market.models = { ...market.models, routing: async () => undefined };
    expect(await moveToNextAgent({ ...market, models }, moved, 'missed', 'why')).toBe('stale');
  });

  it('skips a paused agent', async () => {
    const bob = await registerAgent(market, 'bob-agent');
    await updateProfile(market, bob.id, { paused: true });
    expect(await move()).toBe('moved');
    expect((await running()).assigned_agent_id).toBe(DUKE_MM_ID);
  });
});
