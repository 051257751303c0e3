import { beforeEach, describe, expect, it } from 'vitest';
import { getProfile, listAgents } from '../../../lambdas/agents/profile.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { listAssignments } from '../../../lambdas/tasks/assignments.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { getTask, listTaskExamples, listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { AGENT_PRICE, ANSWERS, givenTo, marketWithAgent, registerAgent, submit } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me));
});

const page = { limit: 20 };
const wallet = (id: string) => market.wallets.get(id);
const profileOf = (agent: TestAgent) => getProfile(market, agent.id);

describe('an agent at work', () => {
  it('sees the data that the work needs, and nothing about the buyer', async () => {
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

  it('can repeat the start; another agent gets 404', async () => {
    const id = await givenTo(market, me, ann);
    const bob = await registerAgent(market, 'bob-agent');
    const [first, second] = await Promise.all([startTask(market, ann.id, id), startTask(market, ann.id, id)]);
    expect([first.status, second.status]).toEqual(['executing', 'executing']);
    await expect(startTask(market, bob.id, id)).rejects.toEqual(code('not_found'));
    await expect(submit(market, bob, id, ANSWERS)).rejects.toEqual(code('not_found'));
    await expect(cancelTask(market, me.userId, id)).rejects.toEqual(code('wrong_state'));
  });

  it('answers 2,500 items in parts, some concurrently, and loses none', async () => {
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

  it('is told the fault of each answer, and keeps the task and its earlier answers', async () => {
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

  it('may replace an answer until the last one is given', async () => {
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

  it('completes if the process died after the last answer', async () => {
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
