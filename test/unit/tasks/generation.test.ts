import { beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { findFaults } from '../../../lambdas/tasks/checks.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { summaryOf } from '../../../lambdas/tasks/summary.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { getResult } from '../../../lambdas/tasks/read-results.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { code, delivered } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace(undefined, undefined, ['classification', 'generation']);
  await fund(market, me, 1_000_000);
});

const ask = (overrides = {}) =>
  taskBody({ description: 'Write a headline', labels: undefined, kind: 'generation', ...overrides });
const pages = () => ({ ...market, downloadUrl: async (key: string) => `https://example.com/${key}` });

/** What the model says to the first chunk that is asked. */
function says(texts: readonly (string | number)[], ids = texts.map((_, i) => `item:${i + 1}`)): void {
  const explanation = { nearest: [], words: [], summary: 'Copied.' };
  const items = texts.map((prediction, i) => ({ id: ids[i]!, prediction, confidence: 0.5, explanation }));
  market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items } });
}

describe('a text for each item', () => {
  it('is requested without labels or target, and delivered unchanged', async () => {
    const texts = ['A prize, "won"\nby nobody', 'Minutes; approved'];
    says(texts);
    const { taskId, resultId } = await delivered(market, me, ask());
    expect(await market.tasks.get(taskId)).toMatchObject({ kind: 'generation', item_count: 2 });
    const [request] = market.dukeMM.requests;
    expect(request?.task).not.toHaveProperty('labels');
    expect(request?.task).not.toHaveProperty('target');
    const result = await getResult(pages(), me, resultId);
    expect(result.items.map((item) => item.prediction)).toEqual(texts);
    expect(await market.work.text(objects.output(taskId, 'csv'))).toBe(
      'text,answer\nWin a prize,"A prize, ""won""\nby nobody"\nMinutes of the meeting,Minutes; approved\n',
    );
  });

  it('is generated in small chunks, so that each text has enough time', async () => {
    const items = Array.from({ length: 12 }, (_, i) => ({ fields: { text: `report ${i}` } }));
    await delivered(market, me, ask({ items }));
    expect(market.dukeMM.requests.map((request) => request.items.length)).toEqual([5, 5, 2]);
  });

  it('is inferred from examples of long texts', async () => {
    const expected =
      'One sentence of more than eighty characters, which is longer than any label would ever be.';
    const { taskId } = await delivered(
      market,
      me,
      ask({ kind: undefined, examples: [{ fields: { text: 'a report' }, expected }] }),
    );
    expect(await market.tasks.get(taskId)).toMatchObject({ kind: 'generation', example_count: 1 });
    expect(await market.work.text(objects.examples(taskId))).toContain(expected);
  });

  it('is corrected with another text', async () => {
    const { resultId } = await delivered(market, me, ask());
    const corrections = [{ item_id: 'item:2', expected: 'Nobody approved the minutes' }];
    const same = [{ item_id: 'item:1', expected: 'a text' }];
    const refuse = giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections: same });
    await expect(refuse).rejects.toEqual(code('validation_failed'));
    const judged = await giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections });
    expect(judged).toMatchObject({ verdict: 'rejected', feedback: { refused_count: 1 } });
  });
});

describe('filling in texts', () => {
  const lines = ['subject,note', '007 is back,007', 'second,', '"third, last",', 'fourth,"as, it is"'];
  const columns = [
    { name: 'subject', type: 'text' as const, filled: 4 },
    { name: 'note', type: 'text' as const, filled: 2, values: ['007', 'as, it is'] },
  ];

  it('uses the filled rows as examples and fills in the others', async () => {
    const file = await csvFile(market, me, lines.join('\n'), columns);
    says(['two', 'three,\n"quoted"'], [`${file}:2`, `${file}:3`]);
    const { taskId } = await delivered(market, me, ask({ items: [], files: [file], target: 'note' }));
    expect(await market.tasks.get(taskId)).toMatchObject({ item_count: 2, example_count: 2 });
    const [request] = market.dukeMM.requests;
    expect(request?.task).toMatchObject({ kind: 'generation', target: 'note' });
    expect(request?.items.map((item) => item.fields)).toEqual([
      { subject: 'second' },
      { subject: 'third, last' },
    ]);
    expect((await market.work.text(objects.output(taskId, 'csv'))).trim()).toBe(
      [
        'subject,note',
        '007 is back,007',
        'second,two',
        '"third, last","three,\n""quoted"""',
        'fourth,"as, it is"',
      ].join('\n'),
    );
  });

  it('keeps examples unchanged, even if they look like numbers', async () => {
    const file = await csvFile(market, me, 'subject,note\nfirst,1.50\nsecond,\n', [
      { name: 'subject', type: 'text', filled: 2 },
      { name: 'note', type: 'number', filled: 1 },
    ]);
    const { taskId } = await delivered(market, me, ask({ items: [], files: [file], target: 'note' }));
    expect(await market.work.text(objects.examples(taskId))).toContain('"expected":"1.50"');
  });
});

describe('the checks of texts', () => {
  const request = (prediction: string | number) =>
    findFaults({ kind: 'generation' }, ['a'], [{ id: 'a', prediction }]);

  it.each([
    ['a text', 'x'.repeat(100_000), 0],
    ['an honest nothing, where the item holds no text', '', 0],
    ['a text that is too long', 'x'.repeat(100_001), 1],
    ['a number', 4, 1],
  ] as const)('%s', (_case, prediction, faults) => {
    expect(request(prediction)).toHaveLength(faults);
  });

  it('reject answers that are not texts, and the task is refunded', async () => {
    const { id } = await createTask(market, me, ask(), newId());
    await planTask(market, id);
    says(['fine', 4]);
    await expect(executeChunk(market, market.queue.shift()!.message, 4)).rejects.toThrow('not a text');
    await completeTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
  });
});

it('summarizes one text in full, and several by their number', () => {
  const texts = (count: number, kind: InvocationRequest['task']['kind'] = 'generation') =>
    summaryOf(
      kind,
      Array.from({ length: count }, (_, i) => ({ id: `${i}`, prediction: 'w'.repeat(90) + i })),
    );
  expect(texts(1)).toBe(`${'w'.repeat(90)}0`);
  expect(texts(1, 'classification')).toMatch(/^1 answer: 1 × w{80}$/);
  expect(texts(21)).toBe('21 answers, 21 different ones');
});
