import { beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../../../contracts/naming.ts';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { getProfile, listAgents, updateProfile } from '../../../lambdas/agents/profile.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { listAssignments } from '../../../lambdas/tasks/assignments.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { getTask, listTaskExamples, listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { ANSWERS, givenTo, registerAgent, submit } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, drain, sweepAll } from '../support/task-flow.ts';

const me = buyer();
const FUNDS = 10_000_000;
/** Complexity 1 × 100,000 × the first reputation of an agent, 1.2. */
const AGENT_PRICE = 120_000;
const page = { limit: 20 };
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, FUNDS);
  ann = await registerAgent(market, 'ann-agent');
});

const profileOf = (agent: TestAgent) => getProfile(market, agent.id);
const outcomes = async (agent: TestAgent) =>
  (await listAssignments(market, agent.id, page)).items.map(({ outcome }) => outcome);
const wallet = (id: string) => market.wallets.get(id);
const disable = (agent: TestAgent) =>
  market.table.write({ update: keys.user(agent.id), set: { is_active: false } });

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

  it('is not listed while paused, and the capacity counts what it has', async () => {
    await givenTo(market, me, ann);
    await updateProfile(market, ann.id, { paused: true, capacity: 1 });
    expect((await listAgents(market, page)).items).toEqual([]);
    expect(await profileOf(ann)).toMatchObject({ load: 1, capacity: 1, paused: true });
    await updateProfile(market, ann.id, { paused: false });
    await expect(givenTo(market, me, ann)).rejects.toEqual(code('no_agent_available'));
  });

  it('takes concurrent changes of different settings', async () => {
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

  it('is made at first use for an agent that registered before there were profiles', async () => {
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
  it('is Duke MM while its bound is higher, and says why', async () => {
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

  it('never takes more tasks than the capacity, however many are posted at once', async () => {
    const posts = Array.from({ length: 10 }, () => givenTo(market, me, ann));
    const settled = await Promise.allSettled(posts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await profileOf(ann)).toMatchObject({ load: 3 });
    expect((await wallet(me.userId)).held_satoshis).toBe(3 * AGENT_PRICE);
  });

  it('passes over an agent whose account is disabled', async () => {
    await disable(ann);
    await expect(givenTo(market, me, ann)).rejects.toEqual(code('no_agent_available'));
    expect(await wallet(me.userId)).toMatchObject({ balance_satoshis: FUNDS, held_satoshis: 0 });
  });
});

describe('an agent at work', () => {
  it('sees what the work needs, and nothing of the buyer', async () => {
    const id = await givenTo(market, me, ann, { examples: [{ fields: { text: 'a' }, expected: 'ham' }] });
    const seen = [
      await getTask(market, ann.caller, id),
      await listTasks(market, ann.caller, page),
      await listTaskItems(market, ann.caller, id, page),
      await listTaskExamples(market, ann.caller, id, page),
      await startTask(market, ann.id, id),
      await submit(market, ann, id, ANSWERS),
      await listAssignments(market, ann.id, page),
    ];
    expect(JSON.stringify(seen)).not.toContain(me.userId);
    expect(seen[0]).toMatchObject({ labels: ['ham', 'spam'], price_satoshis: AGENT_PRICE });
    expect(seen[0]).not.toHaveProperty('family');
    expect((seen[3] as { items: unknown[] }).items).toHaveLength(1);
  });

  it('delivers and is paid the price of the assignment, once accepted', async () => {
    const id = await givenTo(market, me, ann);
    const { result, outcome } = await submit(market, ann, id, { ...ANSWERS, reasoning: 'Read both.' });
    expect(outcome).toBe('delivered');
    expect(result).toMatchObject({ agent_id: ann.id, metadata: { reasoning: 'Read both.' } });
    expect(await profileOf(ann)).toMatchObject({ load: 0 });
    await giveFeedback(market, me.userId, result!.id, { verdict: 'accept', corrections: [] });
    expect(await wallet(ann.id)).toMatchObject({
      balance_satoshis: AGENT_PRICE,
      earned_satoshis: AGENT_PRICE,
    });
    await updateReputation(market, [{ task_id: id, result_id: result!.id }]);
    expect(await profileOf(ann)).toMatchObject({ judged_total: 1, reputation_bp: 13_091 });
    expect((await listAgents(market, page)).items[0]).toMatchObject({ reputation_bp: 13_091 });
    const { family } = (await market.tasks.get(id))!;
    expect(await market.profiles.familyRecords(family, 5)).toMatchObject([{ judged: 1, share_bp: 10_000 }]);
  });

  it('starts once and again; another agent is told nothing', async () => {
    const id = await givenTo(market, me, ann);
    const bob = await registerAgent(market, 'bob-agent');
    const [first, second] = await Promise.all([startTask(market, ann.id, id), startTask(market, ann.id, id)]);
    expect([first.status, second.status]).toEqual(['executing', 'executing']);
    await expect(startTask(market, bob.id, id)).rejects.toEqual(code('not_found'));
    await expect(submit(market, bob, id, ANSWERS)).rejects.toEqual(code('not_found'));
    await expect(cancelTask(market, me.userId, id)).rejects.toEqual(code('wrong_state'));
  });

  it('answers 2,500 items in parts, some at the same moment, and loses none', async () => {
    const items = Array.from({ length: 2500 }, (_, i) => ({ id: `i${i}`, fields: { text: String(i) } }));
    const id = await givenTo(market, me, ann, { items, complexity: 10 });
    const answers = items.map(({ id: item }, i) => ({ id: item, prediction: i % 2 ? 'ham' : 'spam' }));
    // Every sixth each, so that all six requests answer every chunk.
    const sixth = (k: number) => ({ items: answers.filter((_, i) => i % 6 === k) });
    for (const k of [0, 1]) await submit(market, ann, id, sixth(k));
    await Promise.all([2, 3, 4].map((k) => submit(market, ann, id, sixth(k))));
    const last = await submit(market, ann, id, sixth(5));
    expect(last).toMatchObject({ outcome: 'delivered', answered_count: 2500, item_count: 2500 });
    const result = (await market.results.get(last.result!.id))!;
    const lines = await Promise.all(result.parts.map(({ key }) => market.work.text(key)));
    const stored = lines.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line) as object);
    expect(stored).toEqual(answers);
  });

  it('is told what is wrong with each answer, and keeps the task and what it answered before', async () => {
    const id = await givenTo(market, me, ann);
    await submit(market, ann, id, { items: [{ id: 'item:1', prediction: ' spam ' }] });
    const wrong = submit(market, ann, id, {
      items: [
        { id: 'item:2', prediction: 'eggs' },
        { id: 'item:9', prediction: 'ham' },
      ],
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'items.0.prediction' }, { path: 'items.1.id' }],
    });
    const done = await submit(market, ann, id, { items: [{ id: 'item:2', prediction: 'ham' }] });
    expect(done).toMatchObject({ outcome: 'delivered', answered_count: 2 });
  });

  it('may correct an answer until the last one is given', async () => {
    const id = await givenTo(market, me, ann);
    for (const prediction of ['ham', 'spam'])
      await submit(market, ann, id, { items: [{ id: 'item:1', prediction }] });
    expect(await market.tasks.get(id)).toMatchObject({ chunks_left: 1 });
    const { result } = await submit(market, ann, id, { items: [{ id: 'item:2', prediction: 'ham' }] });
    expect(result!.result_text).toBe('2 answers: 1 × spam, 1 × ham');
    const others = { items: [{ id: 'item:1', prediction: 'ham' }] };
    await expect(submit(market, ann, id, others)).rejects.toThrow('delivered');
    await expect(submit(market, ann, id, { ...ANSWERS, result_text: 'Other words.' })).rejects.toThrow(
      'delivered',
    );
    // The same answers again: the agent has lost the answer to its request.
    expect(await submit(market, ann, id, ANSWERS)).toMatchObject({ outcome: 'delivered', answered_count: 2 });
  });

  it('completes where the process died after the last answer', async () => {
    const id = await givenTo(market, me, ann);
    const crash = { ...market, results: market.results, uploads: market.uploads };
    const put = market.work.put.bind(market.work);
    crash.work = {
      ...market.work,
      put: async (key, ...rest) => {
        if (key.includes('/output')) throw new Error('died');
        return put(key, ...rest);
      },
    };
    await expect(submit(crash, ann, id, ANSWERS)).rejects.toThrow('died');
    await completeTask(market, id); // the event of the last chunk
    expect(await market.tasks.get(id)).toMatchObject({ status: 'completed' });
  });
});

describe('a task that its agent does not do', () => {
  const late = () => market.passTime(24 * HOUR);

  it('goes to Duke MM at the lower price, and whoever comes late is told', async () => {
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

  it('goes from Duke MM to a cheaper agent, and the difference returns', async () => {
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

  it('goes on at once when it is given up, and keeps no answers', async () => {
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

  it('is withdrawn where the buyer cancels, and the agent is told', async () => {
    const id = await givenTo(market, me, ann);
    await cancelTask(market, me.userId, id);
    await expect(submit(market, ann, id, ANSWERS)).rejects.toThrow('cancelled');
    expect(await profileOf(ann)).toMatchObject({ load: 0 });
    expect(await wallet(me.userId)).toMatchObject({ balance_satoshis: FUNDS });
  });

  it('of cancelling and submitting at the same moment one wins, and the money is in one place', async () => {
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

  it('is finished by an agent that pauses in the middle of its work', async () => {
    const id = await givenTo(market, me, ann);
    await startTask(market, ann.id, id);
    await updateProfile(market, ann.id, { paused: true });
    expect(await submit(market, ann, id, ANSWERS)).toMatchObject({ outcome: 'delivered' });
  });
});
