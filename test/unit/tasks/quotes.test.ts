import { beforeEach, describe, expect, it } from 'vitest';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';
import type { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { updateProfile } from '../../../lambdas/agents/profile.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { quoteTask } from '../../../lambdas/tasks/quote-task.ts';
import { registerAgent } from '../support/agents.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, columns, fillIn, PRICE, table } from '../support/task-flow.ts';

const me = buyer();
const FUNDS = 10_000_000;
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, FUNDS);
});

/** As many as the confidence needs to be taken as it is. */
const EXAMPLES = 40;
const examples = Array.from({ length: EXAMPLES }, (_, i) => ({
  fields: { text: `Cheap watches ${i}` },
  expected: 'spam',
}));
const informed = (overrides: Partial<CreateTaskBody> = {}) => taskBody({ examples, ...overrides });
const quote = (body: CreateTaskBody, who = me) => quoteTask(market, who, body, newId());
const post = (body: CreateTaskBody, quoteId: string, id = newId(), who = me) =>
  createTask(market, who, { ...body, quote_id: quoteId }, id);
const held = async () => (await market.wallets.get(me.userId)).held_satoshis;

describe('a quote', () => {
  it('lets Duke MM answer the items, and states odds, price and one answer', async () => {
    const answer = await quote(informed());
    expect(answer).toMatchObject({
      agent_id: DUKE_MM_ID,
      price_satoshis: PRICE,
      success_probability: 0.9,
      basis: 'measured',
      sampled_count: 2,
      known: { examples: EXAMPLES, confirmed: 0, judged_tasks: 0 },
      warning: null,
      sample: { id: 'item:1', prediction: 'ham' },
    });
    expect(answer.interval[0]).toBeLessThan(0.9);
    expect(answer.interval[1]).toBeGreaterThan(0.9);
    const [chosen] = answer.selection.candidates;
    expect(chosen?.basis).toBe('measured');
    // The luck of a task of two items is part of the interval, and not of the comparison.
    expect(chosen?.success_lower_bound).toBeGreaterThan(answer.interval[0]);
    expect(await held()).toBe(0);
    expect(market.dukeMM.requests[0]).toMatchObject({ examples: { count: EXAMPLES } });
  });

  it('samples a bounded number of rows of a table, with all its examples', async () => {
    const file = await csvFile(market, me, table, columns);
    const answer = await quote(fillIn(file));
    const [request] = market.dukeMM.requests;
    expect(request?.items).toHaveLength(24);
    expect(new Set(request?.items.map(({ id }) => id)).size).toBe(24);
    expect(request?.examples?.count).toBe(30);
    expect(answer).toMatchObject({ sampled_count: 24, known: { examples: 30 } });
    // Not the first rows only.
    expect(Math.max(...request!.items.map(({ id }) => Number(id.split(':')[1])))).toBeGreaterThan(150);
  });

  it('leaves no examples behind, and records no file use', async () => {
    const file = await csvFile(market, me, table, columns);
    const { quote_id: id } = await quote(fillIn(file));
    await expect(market.work.text(`tasks/${id}/examples.jsonl`)).rejects.toThrow();
    expect([...market.table.items.values()].filter((item) => item['entity'] === 'file_use')).toEqual([]);
  });

  it('has wide odds if Duke MM has no examples of the question', async () => {
    const items = Array.from({ length: 60 }, (_, i) => ({ fields: { text: `offer ${i}` } }));
    const known = await quote(informed({ items }));
    const unknown = await quote(taskBody({ items }));
    expect(unknown.warning).toContain('knows nothing');
    const width = ([low, high]: readonly number[]) => high! - low!;
    expect(width(unknown.interval)).toBeGreaterThan(width(known.interval));
  });

  it.each([
    ['busy', { outcome: 'busy', why: 'all instances are full', retryAfterSeconds: 1 } as const],
    ['refusing', { outcome: 'refused', why: 'too many labels' } as const],
    ['failing', new Error('socket hang up')],
  ])('is made from the record if the model is %s', async (_, next) => {
    market.dukeMM.next.push(next);
    const answer = await quote(informed());
    expect(answer).toMatchObject({ basis: 'record', sampled_count: 0, sample: null, eta_seconds: 1800 });
    expect(answer.warning).toContain('No item was tried');
  });

  it('of an agent states the odds of its record and its deadline', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    const answer = await quote(informed({ preferred_agent: ann.name }));
    expect(answer).toMatchObject({ agent_id: ann.id, basis: 'record', eta_seconds: 86_400, warning: null });
    expect(market.dukeMM.requests).toEqual([]);
  });

  it('prefers an agent if Duke MM is measured to be unsure', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    const items = informed().items.map((_, i) => ({
      id: `item:${i + 1}`,
      prediction: 'ham',
      confidence: 0.3,
      explanation: { nearest: [], words: [], summary: 's' },
    }));
    market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items } });
    expect(await quote(informed())).toMatchObject({ agent_id: ann.id, basis: 'record' });
  });
});

describe('a task posted with a quote', () => {
  it('costs the quoted price, even if prices have changed, and names the quote', async () => {
    const { quote_id: id, selection } = await quote(informed());
    market.basePriceSatoshis = 300_000;
    const task = await post(informed(), id);
    expect(task).toMatchObject({ price_satoshis: PRICE, quote_id: id, selection });
    expect(await held()).toBe(PRICE);
  });

  it('is the same task for a repeated request', async () => {
    const { quote_id: id } = await quote(informed());
    const taskId = newId();
    const [first, again] = [await post(informed(), id, taskId), await post(informed(), id, taskId)];
    expect(again).toEqual(first);
    expect(await held()).toBe(PRICE);
  });

  it('is rejected if the quote was used, and holds nothing more', async () => {
    const { quote_id: id } = await quote(informed());
    await post(informed(), id);
    await expect(post(informed(), id)).rejects.toEqual(code('quote_used'));
    expect(await held()).toBe(PRICE);
  });

  it('is created for one of two concurrent uses of a quote', async () => {
    const { quote_id: id } = await quote(informed());
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => post(informed(), id)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(4);
    for (const { reason } of refused) expect(reason).toEqual(code('quote_used'));
    expect(await held()).toBe(PRICE);
  });

  it('is rejected after ten minutes', async () => {
    const { quote_id: id } = await quote(informed());
    market.passTime(10 * MINUTE);
    await post(informed(), id);
    const late = await quote(informed());
    market.passTime(10 * MINUTE + 1);
    await expect(post(informed(), late.quote_id)).rejects.toEqual(code('quote_expired'));
  });

  it.each([
    ['other items', informed({ items: [{ fields: { text: 'other' } }] })],
    ['another complexity', informed({ complexity: 2 })],
    ['other examples', informed({ examples: [] })],
  ])('is rejected with %s', async (_, other) => {
    const { quote_id: id } = await quote(informed());
    await expect(post(other, id)).rejects.toEqual(code('quote_mismatch'));
    expect(await held()).toBe(0);
  });

  it('is rejected with the quote of another buyer like with an unknown one', async () => {
    const other = buyer();
    await fund(market, other, FUNDS);
    const { quote_id: theirs } = await quote(informed(), other);
    const errors = await Promise.all(
      [theirs, newId()].map((id) => post(informed(), id).catch((error: unknown) => error)),
    );
    expect(errors[0]).toEqual(code('quote_unknown'));
    expect(String(errors[0])).toBe(String(errors[1]));
    // It is still theirs.
    await post(informed(), theirs, newId(), other);
  });

  it('goes to the next agent for at most the quoted price if the quoted one has filled up', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    const body = informed();
    const unsure = informed().items.map((_, i) => ({
      id: `item:${i + 1}`,
      prediction: 'ham',
      confidence: 0.3,
      explanation: { nearest: [], words: [], summary: 's' },
    }));
    market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items: unsure } });
    const { quote_id: id, price_satoshis: price } = await quote(body);
    await updateProfile(market, ann.id, { paused: true });
    const task = await post(body, id);
    expect(task).toMatchObject({ assigned_agent_id: DUKE_MM_ID, price_satoshis: price });
    expect(price).toBe(120_000);
  });

  it('leaves the quote unused if the balance does not cover it', async () => {
    const poor = buyer();
    const { quote_id: id } = await quote(informed(), poor);
    await expect(post(informed(), id, newId(), poor)).rejects.toEqual(code('insufficient_funds'));
    await fund(market, poor, FUNDS);
    expect(await post(informed(), id, newId(), poor)).toMatchObject({ price_satoshis: PRICE });
  });
});
