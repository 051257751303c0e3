import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { sweepAll } from '../support/task-flow.ts';
import { buyer, entries, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { PRICE, code, delivered, drain } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

describe('execution', () => {
  it('waits for capacity without counting an attempt', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    for (let i = 0; i < 10; i++)
      market.dukeMM.next.push({ outcome: 'busy', why: 'full', retryAfterSeconds: undefined });
    await drain(market);
    await completeTask(market, id);
    expect((await market.tasks.get(id))?.status).toBe('completed');
    expect(market.dukeMM.requests).toHaveLength(11);
  });

  it('waits until the deadline while the endpoint is down, then refunds and stops retrying', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    const down = {
      outcome: 'busy',
      why: 'Endpoint is not in service',
      retryAfterSeconds: undefined,
    } as const;
    for (let i = 0; i < 40; i++) {
      market.dukeMM.next.push(down);
      const { message, delay } = market.queue.shift()!;
      await executeChunk(market, message, 1);
      market.passTime(delay * 1000);
    }
    expect((await market.tasks.get(id))?.status).toBe('executing');
    expect(market.queue[0]).toMatchObject({ delay: 60, message: { waits: 40 } });
    await sweepAll(market);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 1_000_000,
      held_satoshis: 0,
    });
    const asked = market.dukeMM.requests.length;
    await drain(market);
    expect(market.dukeMM.requests).toHaveLength(asked);
  });

  it('fails and refunds at the last receive, and the message goes to the dead-letter queue', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    const { message } = market.queue.shift()!;
    for (let receive = 1; receive <= 4; receive++) {
      market.dukeMM.next.push(new Error('the process died'));
      await expect(executeChunk(market, message, receive)).rejects.toThrow('died');
    }
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect((await market.wallets.get(me.userId)).balance_satoshis).toBe(1_000_000);
  });

  it('never delivers an answer outside the labels', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    const explanation = { nearest: [], words: [], summary: '' };
    const items = ['item:1', 'item:2'].map((item) => ({
      id: item,
      prediction: 'eggs',
      confidence: 1,
      explanation,
    }));
    market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items } });
    await expect(executeChunk(market, market.queue.shift()!.message, 4)).rejects.toThrow(
      'not one of the labels',
    );
    expect((await market.tasks.get(id))?.status).toBe('failed');
  });

  it('ignores a task that was cancelled meanwhile', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    expect(await cancelTask(market, me.userId, id)).toMatchObject({
      status: 'cancelled',
      settlement: 'refunded',
    });
    await drain(market);
    expect(market.dukeMM.requests).toHaveLength(0);
    await expect(cancelTask(market, me.userId, id)).rejects.toEqual(code('wrong_state'));
  });
});

describe('verdict', () => {
  it('is rejected with 422 if a correction is not trainable, and can be repeated', async () => {
    const { resultId } = await delivered(market, me);
    const correct = (expected: string | number) =>
      giveFeedback(market, me.userId, resultId, {
        verdict: 'reject',
        corrections: [{ item_id: 'item:1', expected }],
      });
    for (const expected of ['eggs', 'Spam', '\u200b', 1e308, 7]) {
      await expect(correct(expected)).rejects.toEqual(code('validation_failed'));
    }
    await expect(correct('spam')).resolves.toMatchObject({ verdict: 'rejected' });
  });

  it('is rejected with 422 if a numeric correction is out of range or not a number', async () => {
    market = await marketplace(undefined, undefined, ['regression']);
    await fund(market, me, 1_000_000);
    const explanation = { nearest: [], words: [], summary: '' };
    market.dukeMM.next.push({
      outcome: 'answered',
      response: {
        model_version: '1',
        items: [{ id: 'item:1', prediction: 5, confidence: 1, explanation }],
      },
    });
    const numbers = taskBody({
      kind: 'regression',
      labels: undefined,
      items: [{ fields: { x: 5 } }],
      examples: [1, 2, 3, 4].map((x) => ({ fields: { x }, expected: x })),
    });
    const { resultId } = await delivered(market, me, numbers);
    const correct = (expected: string | number) =>
      giveFeedback(market, me.userId, resultId, {
        verdict: 'reject',
        corrections: [{ item_id: 'item:1', expected }],
      });
    for (const expected of [1e308, -1e150, 1.0000001e100, 'six', '6']) {
      await expect(correct(expected)).rejects.toEqual(code('validation_failed'));
    }
    await expect(correct(6)).resolves.toMatchObject({ verdict: 'rejected' });
  });

  it('pays the whole price to the worker if accepted', async () => {
    const { resultId, taskId } = await delivered(market, me);
    const verdict = await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    expect(verdict).toMatchObject({ verdict: 'accepted' });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'released' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 800_000,
      held_satoshis: 0,
    });
    expect(entries(market).find((entry) => entry.account === 'agent:duke-mm')?.amount_satoshis).toBe(PRICE);
  });

  it('refunds half and pays half if one of two items is rejected', async () => {
    const { resultId, taskId } = await delivered(market, me);
    const corrections = [{ item_id: 'item:2', expected: 'spam' }];
    await giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'split' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 900_000,
      held_satoshis: 0,
    });
  });

  it.each([
    ['twice', { verdict: 'accept', corrections: [] }, 'already_judged', true],
    [
      'of an item that is not there',
      { verdict: 'reject', corrections: [{ item_id: 'x', reason: 'no' }] },
      'unknown_item',
      false,
    ],
    [
      'outside the labels',
      { verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'eggs' }] },
      'validation_failed',
      false,
    ],
    [
      'equal to the answer',
      { verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'ham' }] },
      'validation_failed',
      false,
    ],
  ] as const)('is rejected for one %s', async (_case, body, expected, first) => {
    const { resultId } = await delivered(market, me);
    if (first) await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    const said = { ...body, corrections: [...body.corrections] };
    await expect(giveFeedback(market, me.userId, resultId, said)).rejects.toEqual(code(expected));
  });

  it('answers a repeated request, and rejects the same verdict of another request', async () => {
    const { resultId } = await delivered(market, me);
    const accept = { verdict: 'accept' as const, corrections: [] };
    const judge = (request: string | undefined) => giveFeedback(market, me.userId, resultId, accept, request);
    const request = newId();
    const first = await judge(request);
    expect(await judge(request)).toEqual(first);
    await expect(judge(newId())).rejects.toEqual(code('already_judged'));
    await expect(judge(undefined)).rejects.toEqual(code('already_judged'));
  });

  it('is allowed for the buyer only', async () => {
    const { resultId } = await delivered(market, me);
    await expect(
      giveFeedback(market, buyer().userId, resultId, { verdict: 'accept', corrections: [] }),
    ).rejects.toEqual(code('not_found'));
  });
});

describe('time', () => {
  it('accepts automatically at the end of the review, and rejects later verdicts', async () => {
    const { resultId, taskId } = await delivered(market, me);
    market.passTime(24 * 3_600_000);
    expect(await sweepAll(market)).toEqual({ failed: 0, accepted: 1, aside: 0 });
    expect(await market.results.get(resultId)).toMatchObject({ verdict: 'auto_accepted' });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'released' });
    expect(await sweepAll(market)).toEqual({ failed: 0, accepted: 0, aside: 0 });
  });

  it('closes the review even before the sweep runs', async () => {
    const { resultId } = await delivered(market, me);
    market.passTime(24 * 3_600_000 + 1);
    await expect(
      giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] }),
    ).rejects.toEqual(code('review_closed'));
  });

  it('a silent worker loses the task at its deadline', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    market.passTime(29 * 60_000);
    expect(await sweepAll(market)).toEqual({ failed: 0, accepted: 0, aside: 0 });
    market.passTime(60_000);
    expect(await sweepAll(market)).toEqual({ failed: 1, accepted: 0, aside: 0 });
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
  });

  it('crosses midnight, a month and a year without losing an entry', async () => {
    market.setTime('2026-12-31T23:59:59.999Z');
    const { resultId } = await delivered(market, me);
    market.setTime('2027-01-01T00:00:00.000Z');
    await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    const all = entries(market);
    expect(all.reduce((sum, entry) => sum + entry.amount_satoshis, 0)).toBe(0);
    const { items } = await market.wallets.entries(me.userId, { limit: 100 });
    expect(items.map((entry) => entry.kind)).toEqual(['release', 'hold', 'hold', 'deposit']);
    const duke = [...market.table.items.keys()].filter((key) => key.startsWith('ACCOUNT#agent:duke-mm#'));
    expect(duke[0]).toContain('#2027-01-01#');
  });
});
