import { beforeEach, describe, expect, it } from 'vitest';
import { FeedbackBody } from '../../../contracts/api/results.ts';
import { keys } from '../../../contracts/naming.ts';
import { HOUR } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import type { TaskIn } from '../../../contracts/entities/task.ts';
import { autoAccept, giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
let taskId: string;
let resultId: string;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
  ({ taskId, resultId } = await delivered(market, me));
});

const judge = (body: object, request?: string) =>
  giveFeedback(market, me.userId, resultId, FeedbackBody.parse(body), request);
const stored = async () => (await market.results.get(resultId)) as { feedback?: object };
const writtenBy = async (run: () => Promise<unknown>): Promise<string[]> => {
  const before = new Set(market.work.objects.keys());
  await run();
  return [...market.work.objects.keys()].filter((key) => !before.has(key));
};
const completed = async () => (await market.tasks.get(taskId)) as TaskIn<'completed'>;

describe('a verdict', () => {
  it('stores exactly what the buyer sent', async () => {
    await judge({ verdict: 'accept', rating: 5, comment: 'Good work.' });
    expect((await stored()).feedback).toStrictEqual({
      rating: 5,
      comment: 'Good work.',
      correction_count: 0,
      refused_count: 0,
    });
  });

  it('without rating and comment stores neither', async () => {
    await judge({ verdict: 'accept' });
    expect((await stored()).feedback).toStrictEqual({ correction_count: 0, refused_count: 0 });
  });

  it('stores its request and the key of its corrections', async () => {
    const request = newId();
    await judge({ verdict: 'reject', corrections: [{ item_id: 'item:1', reason: 'no' }] }, request);
    expect((await stored()).feedback).toStrictEqual({
      request_id: request,
      corrections_key: expect.stringMatching(/^results\/.*[0-9a-f]{16}\.jsonl$/) as string,
      correction_count: 1,
      refused_count: 1,
    });
  });

  it('that changes no answer writes no object', async () => {
    expect(await writtenBy(() => judge({ verdict: 'accept' }))).toEqual([]);
  });

  it('that changes an answer writes the corrections and an output of its own', async () => {
    const written = await writtenBy(() =>
      judge({ verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'spam' }] }),
    );
    expect(written.map((key) => /[0-9a-f]{16}(?=\.)/.exec(key)?.[0].length)).toEqual([16, 16]);
    expect((await market.results.get(resultId))!.output_key).toBe(
      written.find((key) => key.includes('output')),
    );
  });

  it('is accepted until the last millisecond of the review', async () => {
    market.setTime((await completed()).review_until);
    await expect(judge({ verdict: 'accept' })).resolves.toMatchObject({ verdict: 'accepted' });
  });

  it('a millisecond later is rejected with the end of the review', async () => {
    const { review_until: until } = await completed();
    market.setTime(new Date(Date.parse(until) + 1).toISOString());
    await expect(judge({ verdict: 'accept' })).rejects.toMatchObject({
      code: 'review_closed',
      message: expect.stringContaining(until) as string,
    });
  });

  it('is rejected with the unknown item, or the fault of a correction', async () => {
    const wrong = (correction: object) =>
      judge({ verdict: 'reject', corrections: [{ item_id: 'item:2', reason: 'no' }, correction] });
    await expect(wrong({ item_id: 'item:9', reason: 'no' })).rejects.toMatchObject({
      code: 'unknown_item',
      message: 'The result has no item "item:9".',
      errors: [{ path: 'corrections.1.item_id', message: 'no such item' }],
    });
    await expect(wrong({ item_id: 'item:1', expected: 'eggs' })).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('Correction of "item:1": ') as string,
      errors: [{ path: 'corrections.1.expected', message: expect.stringMatching(/./) as string }],
    });
  });

  it('of a missing result gets 404, and of a judged one the stored verdict', async () => {
    await expect(
      giveFeedback(market, me.userId, newId(), FeedbackBody.parse({ verdict: 'accept' })),
    ).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no such result of yours.',
    });
    await judge({ verdict: 'accept' });
    await expect(
      judge({ verdict: 'reject', corrections: [{ item_id: 'item:1', reason: 'no' }] }),
    ).rejects.toMatchObject({
      code: 'already_judged',
      message: 'The verdict is accepted; it is given once.',
    });
  });

  it('of a result whose task is missing or not completed throws an error that names the task', async () => {
    const name = `${keys.task(taskId).pk} ${keys.task(taskId).sk}`;
    const item = market.table.items.get(name)!;
    market.table.items.delete(name);
    await expect(judge({ verdict: 'accept' })).rejects.toThrow(`result of task ${taskId}, which is gone`);
    const { review_until: _until, result_id: _result, completed_at: _at, ...rest } = item;
    market.table.items.set(name, { ...rest, status: 'executing', deadline_at: item['created_at'] });
    await expect(judge({ verdict: 'accept' })).rejects.toThrow(
      `result of task ${taskId}, which is executing`,
    );
  });

  it('that loses a race gets the verdict of the winner', async () => {
    const original = market.tasks;
    const tasks: typeof market.tasks = {
      ...market.tasks,
      judge: async (...args) => {
        await judge({ verdict: 'accept' });
        return original.judge(...args);
      },
    };
    const body = FeedbackBody.parse({
      verdict: 'reject',
      corrections: [{ item_id: 'item:1', reason: 'no' }],
    });
    await expect(giveFeedback({ ...market, tasks }, me.userId, resultId, body)).rejects.toMatchObject({
      message: 'The verdict is accepted; it is given once.',
    });
  });
});

describe('automatic acceptance', () => {
  it('happens once, and reports if there was nothing to accept', async () => {
    market.passTime(25 * HOUR);
    const task = await completed();
    expect(await autoAccept(market, task)).toBe(true);
    expect(await autoAccept(market, task)).toBe(false);
    expect(await autoAccept(market, { ...task, result_id: newId() })).toBe(false);
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 800_000,
      held_satoshis: 0,
    });
  });
});

describe('a correction of another kind of task', () => {
  it('of a text is stored as written', async () => {
    market = await marketplace(undefined, undefined, ['generation']);
    await fund(market, me, 1_000_000);
    const body = taskBody({
      kind: 'generation',
      labels: undefined,
      items: [{ fields: { text: 'a' } }],
      examples: Array.from({ length: 4 }, (_, i) => ({ fields: { text: `${i}` }, expected: `A text ${i}` })),
    });
    ({ taskId, resultId } = await delivered(market, me, body));
    await judge({ verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'HAM and eggs' }] });
    const key = [...market.work.objects.keys()].find(
      (one) => one.startsWith('results/') && one.includes('correction'),
    );
    expect(await market.work.text(key!)).toContain('HAM and eggs');
  });
});
