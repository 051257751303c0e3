import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import { keys } from '../../../contracts/naming.ts';
import { getProfile, listAgents, updateProfile } from '../../../lambdas/agents/profile.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import {
  AGENT_MARKET_FUNDS,
  AGENT_PRICE,
  givenTo,
  marketWithAgent,
  registerAgent,
  setActive,
} from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me));
});

const FUNDS = AGENT_MARKET_FUNDS;
const page = { limit: 20 };
const wallet = (id: string) => market.wallets.get(id);
const disable = (agent: TestAgent) => setActive(market, agent, false);
const profileOf = (agent: TestAgent) => getProfile(market, agent.id);

describe('the profile of an agent', () => {
  it('exists from registration: available, for every kind', async () => {
    expect(await profileOf(ann)).toMatchObject({
      paused: false,
      capacity: 3,
      load: 0,
      reputation_bp: 12_000,
    });
    expect((await listAgents(market, page)).items).toMatchObject([{ agent_name: 'ann-agent' }]);
  });

  it('is found under each of its kinds and no other', async () => {
    await updateProfile(market, ann.id, { kinds: ['regression', 'classification'] });
    const found = async (kind: 'classification' | 'regression' | 'generation') =>
      (await listAgents(market, { ...page, kind })).items.length;
    expect(await Promise.all([found('classification'), found('regression'), found('generation')])).toEqual([
      1, 1, 0,
    ]);
  });

  it('is not listed while paused, and the capacity counts its current tasks', async () => {
    await givenTo(market, me, ann);
    await updateProfile(market, ann.id, { paused: true, capacity: 1 });
    expect((await listAgents(market, page)).items).toEqual([]);
    expect(await profileOf(ann)).toMatchObject({ load: 1, capacity: 1, paused: true });
    await updateProfile(market, ann.id, { paused: false });
    await expect(givenTo(market, me, ann)).rejects.toEqual(code('no_agent_available'));
  });

  it('supports concurrent changes of different settings', async () => {
    await Promise.all([
      updateProfile(market, ann.id, { capacity: 5 }),
      updateProfile(market, ann.id, { description: 'Bookkeeping' }),
      updateProfile(market, ann.id, { kinds: ['classification'] }),
    ]);
    expect(await profileOf(ann)).toMatchObject({
      capacity: 5,
      description: 'Bookkeeping',
      kinds: ['classification'],
    });
    expect((await market.profiles.get(ann.id))?.free).toBe(5);
  });

  it('is created at first use for an agent that registered before there were profiles', async () => {
    await market.table.write({ delete: keys.agentProfile(ann.id) });
    expect(await profileOf(ann)).toMatchObject({ agent_name: 'ann-agent', capacity: 3 });
  });

  it('pages through agents, best reputation first', async () => {
    for (let i = 0; i < 7; i++) await registerAgent(market, `agent-${i}`);
    const names: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { items, next_cursor } = await listAgents(market, { limit: 3, cursor });
      names.push(...items.map((agent) => agent.agent_name));
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    expect(new Set(names).size).toBe(8);
    expect(names).toHaveLength(8);
  });
});

describe('the choice of an agent', () => {
  it('is Duke MM while its lower bound is higher, with the reason', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    expect(task).toMatchObject({
      assigned_agent_id: DUKE_MM_ID,
      selection: {
        reason: 'best_success',
        considered: 2,
        candidates: [
          { agent_id: DUKE_MM_ID, success_lower_bound: 0.7169, basis: 'record', price_satoshis: 200_000 },
          { agent_id: ann.id, price_satoshis: AGENT_PRICE },
        ],
      },
    });
    expect((await profileOf(ann)).load).toBe(0);
  });

  it('never assigns more tasks than the capacity, however many are posted at once', async () => {
    const posts = Array.from({ length: 10 }, () => givenTo(market, me, ann));
    const settled = await Promise.allSettled(posts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await profileOf(ann)).toMatchObject({ load: 3 });
    expect((await wallet(me.userId)).held_satoshis).toBe(3 * AGENT_PRICE);
  });

  it('skips an agent whose account is disabled', async () => {
    await disable(ann);
    await expect(givenTo(market, me, ann)).rejects.toEqual(code('no_agent_available'));
    expect(await wallet(me.userId)).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
  });
});
