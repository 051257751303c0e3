import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import type { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { recordOutcomes } from '../../../lambdas/learning/outcomes/record-outcomes.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { getResult, listTaskResults } from '../../../lambdas/tasks/read-results.ts';
import { getTask, listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { startTask } from '../../../lambdas/tasks/submit-result.ts';
import { followAccount } from '../../../lambdas/tasks/withdraw-agent.ts';
import { marketWithAgent, registerAgent, setActive, submit } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { buyer } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { expectSound } from '../support/money-sound.ts';
import { answersTo, ITEMS, postWithReview, unsureOf } from '../support/review-flow.ts';
import { code, PRICE, sweepAll } from '../support/task-flow.ts';

const me = buyer();
const FUNDS = 100_000_000;
const page = { limit: 50 };
let market: Marketplace;
let ann: TestAgent;

beforeEach(async () => {
  ({ market, ann } = await marketWithAgent(me, FUNDS));
});

const posted = (confidences: readonly number[], overrides?: Partial<CreateTaskBody>) =>
  postWithReview(market, me, confidences, overrides);
const stored = async (id: string) => (await market.tasks.get(id))!;
const itemsOf = async (id: string) => {
  const task = await stored(id);
  if (task.status !== 'completed') throw new Error(`task is ${task.status}`);
  const deps = { ...market, downloadUrl: async () => 'https://example.com' };
  return (await getResult(deps, me, task.result_id)).items;
};
const load = async () => (await market.profiles.get(ann.id))!.load;

describe('a task with review_below', () => {
  it('assigns the unsure items to an agent, for their share of the price, which is held once', async () => {
    const id = await posted(unsureOf(3));
    expect(await stored(id)).toMatchObject({
      status: 'executing',
      assigned_agent_id: DUKE_MM_ID,
      review_state: 'open',
      reviewer_id: ann.id,
      review_item_count: 3,
      review_price_satoshis: 60_000,
    });
    expect((await market.wallets.get(me.userId)).held_satoshis).toBe(PRICE);
    expect(await load()).toBe(1);
  });

  it('shows the agent its part only, and nothing about the buyer', async () => {
    const id = await posted(unsureOf(3));
    const seen = await getTask(market, ann.caller, id);
    expect(seen).toMatchObject({ item_count: 3, price_satoshis: 60_000, assigned_agent_id: ann.id });
    const items = await listTaskItems(market, ann.caller, id, page);
    expect(items.items.map((item) => item.id)).toEqual(['item:1', 'item:2', 'item:3']);
    const list = await listTasks(market, ann.caller, page);
    expect(list.items.map((task) => task.id)).toEqual([id]);
    const mine = await listTasks(market, ann.caller, { ...page, role: 'agent' });
    expect(mine.items.map((task) => task.id)).toEqual([id]);
    expect((await listTasks(market, ann.caller, { ...page, role: 'buyer' })).items).toEqual([]);
    expect((await listTasks(market, me, { ...page, role: 'agent' })).items).toEqual([]);
    expect((await listTasks(market, me, { ...page, role: 'buyer' })).items).toHaveLength(1);
    const started = await startTask(market, ann.id, id);
    const results = await listTaskResults({ ...market, downloadUrl: async () => '' }, ann.caller, id);
    expect(JSON.stringify([seen, items, list, started, results])).not.toContain(me.userId);
    expect(JSON.stringify([seen, items, list, started])).not.toContain(`"price_satoshis":${PRICE}`);
  });

  it('delivers one result in which each item names who answered it', async () => {
    const id = await posted(unsureOf(2));
    expect(await submit(market, ann, id, answersTo([2]))).toMatchObject({
      outcome: 'open',
      answered_count: 1,
      item_count: 2,
      result: null,
    });
    expect(await submit(market, ann, id, answersTo([1]))).toMatchObject({ outcome: 'delivered' });
    const items = await itemsOf(id);
    expect(items.map(({ answered_by, prediction }) => `${answered_by}: ${prediction}`)).toEqual([
      ...Array<string>(2).fill('ann-agent: spam'),
      ...Array<string>(8).fill('duke-mm: ham'),
    ]);
    expect(await load()).toBe(0);
    await expect(submit(market, ann, id, answersTo([1]))).rejects.toEqual(code('wrong_state'));
  });

  it('pays both, updates both reputations, and attributes outcomes to who answered', async () => {
    const id = await posted(unsureOf(3));
    await submit(market, ann, id, answersTo([1, 2, 3]));
    const task = await stored(id);
    if (task.status !== 'completed') throw new Error(task.status);
    const corrections = [
      { item_id: 'item:1', expected: 'ham' },
      { item_id: 'item:9', expected: 'spam' },
    ];
    await giveFeedback(market, me.userId, task.result_id, { verdict: 'reject', corrections });
    const refunds = 20_000 + 20_000; // a third of 60,000 and a seventh of 140,000
    expect(await market.wallets.get(ann.id)).toMatchObject({
      balance_satoshis: 40_000,
      earned_satoshis: 40_000,
    });
    expect((await market.wallets.get(me.userId)).balance_satoshis).toBe(FUNDS - PRICE + refunds);
    const judged = { task_id: id, result_id: task.result_id };
    for (let times = 0; times < 2; times++) await updateReputation(market, [judged]);
    expect(await market.profiles.get(ann.id)).toMatchObject({ judged_total: 1 });
    const shareOf = async (agentId: string) =>
      (await market.agents.stats(agentId))?.recent.map((t) => t.share);
    expect((await shareOf(ann.id))?.[0]).toBeCloseTo(2 / 3, 12);
    expect((await shareOf(DUKE_MM_ID))?.[0]).toBeCloseTo(6 / 7, 12);
    const { shard } = (await recordOutcomes(market, judged))!;
    const lines = (await market.work.text(shard.uri.replace('s3://work/', ''))).trim().split('\n');
    const names = lines.map((line) => (JSON.parse(line) as { agent_name: string }).agent_name);
    expect(names.filter((name) => name === 'ann-agent')).toHaveLength(3);
  });

  it('is delivered at once if Duke MM is sure of every item', async () => {
    const id = await posted(unsureOf(0));
    expect(await stored(id)).toMatchObject({ status: 'completed', review_state: 'not_needed' });
  });

  it('keeps the answers of Duke MM if no agent is available, and tells the buyer', async () => {
    await setActive(market, ann, false);
    await followAccount(market, ann.id);
    const id = await posted(unsureOf(3));
    expect(await getTask(market, me, id)).toMatchObject({
      status: 'completed',
      review_state: 'nobody_available',
    });
    expect(new Set((await itemsOf(id)).map(({ answered_by }) => answered_by))).toEqual(new Set(['duke-mm']));
  });

  it.each([
    ['missed', async () => void (market.passTime(24 * HOUR + 1), await sweepAll(market))],
    ['given_up', async (id: string) => void (await submit(market, ann, id, { success: false }))],
    [
      'withdrawn',
      async () => void (await setActive(market, ann, false), await followAccount(market, ann.id)),
    ],
  ])('keeps the answers of Duke MM if the agent has %s it', async (state, lose) => {
    const id = await posted(unsureOf(3));
    await submit(market, ann, id, answersTo([1]));
    await lose(id);
    await completeTask(market, id); // the event of the end of the review
    expect(await stored(id)).toMatchObject({ status: 'completed', review_state: state });
    expect(new Set((await itemsOf(id)).map(({ prediction }) => prediction))).toEqual(new Set(['ham']));
    expect(await load()).toBe(0);
    await expect(submit(market, ann, id, answersTo([1]))).rejects.toEqual(code('wrong_state'));
    await expect(getTask(market, ann.caller, id)).rejects.toEqual(code('not_found'));
    const task = await stored(id);
    if (task.status !== 'completed') throw new Error(task.status);
    await giveFeedback(market, me.userId, task.result_id, { verdict: 'accept', corrections: [] });
    expect(await market.wallets.get(ann.id)).toMatchObject({ earned_satoshis: 0 });
    await expectSound(market, [me], state);
  });

  it('is delivered if the sweep runs again before the result of a silent agent is assembled', async () => {
    const id = await posted(unsureOf(3));
    market.passTime(24 * HOUR + 15 * MINUTE);
    await sweepAll(market);
    market.passTime(MINUTE);
    await sweepAll(market);
    expect(await stored(id)).toMatchObject({ status: 'executing', review_state: 'missed' });
    await completeTask(market, id);
    expect(await stored(id)).toMatchObject({ status: 'completed', assigned_agent_id: DUKE_MM_ID });
  });

  it('is refunded ten minutes after the review if the result cannot be assembled', async () => {
    const id = await posted(unsureOf(3));
    await submit(
      { ...market, work: { ...market.work, text: () => Promise.reject(new Error('gone')) } },
      ann,
      id,
      {
        success: false,
      },
    ).catch(() => undefined);
    expect(await stored(id)).toMatchObject({ status: 'executing', review_state: 'given_up' });
    market.passTime(10 * MINUTE + 1);
    await sweepAll(market);
    expect((await stored(id)).status).not.toBe('executing');
    await expectSound(market, [me], 'a result that cannot be assembled');
  });

  it.each([
    [0, 'not_needed', 0],
    [1, 'open', ITEMS],
  ])('with a threshold of %d', async (review_below, review_state, count) => {
    const id = await posted(unsureOf(5), { review_below });
    const task = await stored(id);
    expect(task.review_state).toBe(review_state);
    expect(task.review_item_count ?? 0).toBe(count);
  });

  it('whose items are all unsure pays the whole price to its reviewer', async () => {
    const id = await posted(unsureOf(ITEMS));
    expect(await stored(id)).toMatchObject({ review_item_count: ITEMS, review_price_satoshis: PRICE });
    await submit(market, ann, id, answersTo(Array.from({ length: ITEMS }, (_, i) => i + 1)));
    const task = await stored(id);
    if (task.status !== 'completed') throw new Error(task.status);
    await giveFeedback(market, me.userId, task.result_id, { verdict: 'accept', corrections: [] });
    expect((await market.wallets.get(ann.id)).earned_satoshis).toBe(PRICE);
    await updateReputation(market, [{ task_id: id, result_id: task.result_id }]);
    expect(await market.agents.stats(DUKE_MM_ID)).toBeUndefined();
    await expectSound(market, [me], 'a whole review');
  });

  it('rejects answers to items of others, invalid labels, and late answers', async () => {
    const id = await posted(unsureOf(2));
    await expect(submit(market, ann, id, answersTo([9]))).rejects.toEqual(code('validation_failed'));
    await expect(submit(market, ann, id, { items: [{ id: 'item:1', prediction: 'eggs' }] })).rejects.toEqual(
      code('validation_failed'),
    );
    const bob = await registerAgent(market, 'bob-agent');
    await expect(submit(market, bob, id, answersTo([1]))).rejects.toEqual(code('not_found'));
    market.passTime(24 * HOUR + 1);
    await expect(submit(market, ann, id, answersTo([1, 2]))).rejects.toThrow('deadline');
  });

  it('is delivered once if both halves are submitted and the sweep runs concurrently', async () => {
    const id = await posted(unsureOf(4));
    await Promise.allSettled([
      submit(market, ann, id, answersTo([1, 2])),
      submit(market, ann, id, answersTo([3, 4])),
      sweepAll(market),
    ]);
    await completeTask(market, id);
    const task = await stored(id);
    expect(task).toMatchObject({ status: 'completed', review_state: 'answered' });
    expect((await itemsOf(id)).filter(({ answered_by }) => answered_by === 'ann-agent')).toHaveLength(4);
  });
});
