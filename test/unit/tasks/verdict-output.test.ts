import { beforeEach, describe, expect, test } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { autoAccept, giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { getResult, listResultItems } from '../../../lambdas/tasks/read-results.ts';
import { getTask } from '../../../lambdas/tasks/read-tasks.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

const columns = [
  { name: 'text', type: 'text' as const, filled: 5 },
  { name: 'label', type: 'text' as const, filled: 2, values: ['ham', 'spam'] },
];
const csv = 'text,label\r\na,ham\r\nb,spam\r\nc,\r\nd,\r\ne,\r\n';

let market: Awaited<ReturnType<typeof marketplace>>;
let me: Caller;
let file: string;
let resultId: string;
let taskId: string;

beforeEach(async () => {
  market = await marketplace();
  me = buyer();
  await fund(market, me, 1_000_000);
  file = await csvFile(market, me, csv, columns);
  const body = taskBody({ items: [], labels: undefined, files: [file], target: 'label' });
  ({ resultId, taskId } = await delivered(market, me, body));
});

const reading = () => ({ ...market, downloadUrl: async (key: string) => key });
const download = async (caller = me): Promise<string> => {
  const { output_url: key } = await getResult(reading(), caller, resultId);
  return market.work.text(key!);
};
const corrections = () => [
  { item_id: `${file}:3`, expected: 'spam' },
  { item_id: `${file}:4`, reason: 'neither' },
];

describe('the output after the verdict', () => {
  test('contains corrections, and blanks for refused answers', async () => {
    expect(await download()).toBe('text,label\r\na,ham\r\nb,spam\r\nc,ham\r\nd,ham\r\ne,ham\r\n');
    const judged = await giveFeedback(market, me.userId, resultId, {
      verdict: 'reject',
      corrections: corrections(),
    });
    expect(await download()).toBe('text,label\r\na,ham\r\nb,spam\r\nc,spam\r\nd,\r\ne,ham\r\n');
    expect(judged.result_text).toBe('3 answers: 1 × spam, 1 × ham, 1 refused');
  });

  test('matches the items, which say nothing more about refused answers', async () => {
    await giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections: corrections() });
    const known = [
      { id: `${file}:3`, prediction: 'spam', corrected: true },
      { id: `${file}:4`, prediction: null, refused: true },
      expect.objectContaining({ id: `${file}:5`, prediction: 'ham', confidence: 0.9 }),
    ];
    expect((await listResultItems(reading(), me, resultId, { limit: 10 })).items).toEqual(known);
    expect((await getResult(reading(), me, resultId)).items).toEqual(known);
  });

  test('includes corrections of an accepted result, but no comments', async () => {
    await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: corrections() });
    expect(await download()).toBe('text,label\r\na,ham\r\nb,spam\r\nc,spam\r\nd,ham\r\ne,ham\r\n');
  });

  test('does not change by automatic acceptance', async () => {
    const before = await download();
    const task = await market.tasks.get(taskId);
    if (task?.status !== 'completed') throw new Error('not completed');
    expect(await autoAccept(market, task)).toBe(true);
    expect(await download()).toBe(before);
  });

  test('is not shown to the agent, who sees the delivered answers', async () => {
    await giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections: corrections() });
    const admin: Caller = { ...buyer(), role: 'admin' };
    const { items } = await listResultItems(reading(), admin, resultId, { limit: 10 });
    expect(items.map((item) => item.prediction)).toEqual(['ham', 'ham', 'ham']);
  });

  test('belongs to the stored one of two concurrent verdicts', async () => {
    const verdicts = ['spam', 'ham'].map((_, i) =>
      giveFeedback(market, me.userId, resultId, {
        verdict: 'reject',
        corrections:
          i === 0 ? [{ item_id: `${file}:3`, expected: 'spam' }] : [{ item_id: `${file}:4`, reason: 'no' }],
      }).then(() => i),
    );
    const settled = await Promise.allSettled(verdicts);
    const stands = settled.findIndex(({ status }) => status === 'fulfilled');
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await download()).toBe(
      [
        'text,label\r\na,ham\r\nb,spam\r\nc,spam\r\nd,ham\r\ne,ham\r\n',
        'text,label\r\na,ham\r\nb,spam\r\nc,ham\r\nd,\r\ne,ham\r\n',
      ][stands],
    );
  });

  test('does not replace the delivered one if storing the verdict fails', async () => {
    const before = await download();
    const failing = {
      ...market,
      tasks: { ...market.tasks, judge: () => Promise.reject(new Error('crash')) },
    };
    const body = { verdict: 'reject' as const, corrections: corrections() };
    await expect(giveFeedback(failing, me.userId, resultId, body)).rejects.toThrow('crash');
    expect(await download()).toBe(before);
    await giveFeedback(market, me.userId, resultId, body);
    expect(await download()).not.toBe(before);
  });
});

test('has the requested columns after the columns of the table', async () => {
  const table = await csvFile(market, me, csv, columns);
  const body = taskBody({
    items: [],
    labels: undefined,
    files: [table],
    target: 'label',
    output_columns: ['confidence', 'corrected'],
  });
  const { resultId: id, taskId } = await delivered(market, me, body);
  expect(await getTask(market, me, taskId)).toMatchObject({ output_columns: ['confidence', 'corrected'] });
  await giveFeedback(market, me.userId, id, {
    verdict: 'reject',
    corrections: [{ item_id: `${table}:3`, expected: 'spam' }],
  });
  const { output_url: key } = await getResult(reading(), me, id);
  expect(await market.work.text(key!)).toBe(
    'text,label,confidence,corrected\r\na,ham,,\r\nb,spam,,\r\nc,spam,,true\r\nd,ham,0.9,false\r\ne,ham,0.9,false\r\n',
  );
});

describe('a CSV of answers', () => {
  test('contains the text of inline items, also of those with an answer', async () => {
    const { taskId: id } = await delivered(
      market,
      me,
      taskBody({
        target: 'label',
        items: [{ fields: { text: 'one, two', label: 'spam' } }, { id: 'x', fields: { text: 'three' } }],
      }),
    );
    expect(await market.work.text(objects.output(id, 'csv'))).toBe(
      'id,text,label\n,"one, two",spam\nx,three,ham\n',
    );
  });

  test('escapes formulas in texts of the model, but not in those of the buyer', async () => {
    const texts = await marketplace(undefined, undefined, ['generation']);
    await fund(texts, me, 1_000_000);
    const says = ['=HYPERLINK("http://x")', '-5', '+49 30 1234', '@SUM(A1)'];
    const body = taskBody({
      labels: undefined,
      kind: 'generation',
      items: says.map((text) => ({ fields: { text } })),
    });
    texts.dukeMM.next.push({
      outcome: 'answered',
      response: {
        model_version: '1',
        items: says.map((prediction, i) => ({
          id: `item:${i + 1}`,
          prediction,
          confidence: 0.5,
          explanation: { nearest: [], words: [], summary: 's' },
        })),
      },
    });
    const { taskId: id } = await delivered(texts, me, body);
    expect(await texts.work.text(objects.output(id, 'csv'))).toBe(
      [
        'text,answer',
        '"=HYPERLINK(""http://x"")","\'=HYPERLINK(""http://x"")"',
        '-5,-5',
        '+49 30 1234,+49 30 1234',
        "@SUM(A1),'@SUM(A1)",
        '',
      ].join('\n'),
    );
  });
});
