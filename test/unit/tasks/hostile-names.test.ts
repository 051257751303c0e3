import { beforeEach, describe, expect, it } from 'vitest';
import { Filename } from '../../../contracts/api/files.ts';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { objects } from '../../../contracts/naming.ts';
import { comparable } from '../../../contracts/values/comparable.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { HOSTILE_NAMES, REFUSED_NAMES } from '../../support/hostile-names.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered, PRICE } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;
/** Bodies with `__proto__` as a key are refused where they are parsed (test/unit/shared/http/hostile-body.test.ts). */
const KEYS = HOSTILE_NAMES.filter((name) => name !== '__proto__');
/** Names that compare equal to none other: "b" stands beside each. */
const LABELS = HOSTILE_NAMES.filter((name) => comparable(name) !== 'b');

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 10 * PRICE);
});

const planned = async (body: object) => {
  const { id } = await createTask(market, me, CreateTaskBody.parse(body), newId());
  await planTask(market, id);
  const lines = async (key: string) =>
    (await market.work.text(key))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { task: await market.tasks.get(id), items: await lines(objects.chunkItems(id, 1)), id, lines };
};

describe('a hostile name', () => {
  it.each(LABELS)('works as a label: %j', async (label) => {
    const body = taskBody({ labels: ['b', label], examples: [{ expected: label }, { expected: 'b' }] });
    const { task, id, lines } = await planned(body);
    expect(task?.labels).toEqual(['b', label.trim()]);
    expect((await lines(objects.examples(id))).map((example) => example['expected'])).toEqual([
      label.trim(),
      'b',
    ]);
  });

  it.each(KEYS)('works as a field beside an unset target, and is not an answer: %j', async (name) => {
    const items = [{ fields: { [name]: 'kept' } }, { fields: { other: 1 } }];
    const { items: sent, task } = await planned({ ...taskBody(), items });
    expect(task).toMatchObject({ item_count: 2, example_count: 0 });
    expect(sent.map(({ fields }) => fields)).toEqual([{ [name]: 'kept' }, { other: 1 }]);
  });

  it.each(HOSTILE_NAMES)('works as a target that no item has: %j', async (target) => {
    const { task } = await planned({ ...taskBody(), target, items: [{ fields: { a: 'one' } }, {}] });
    expect(task).toMatchObject({ item_count: 2, example_count: 0 });
  });

  it.each(KEYS)('works as a target that one item has: %j', async (target) => {
    const items = [{ fields: { [target]: 'ham', a: 1 } }, { fields: { a: 2 } }];
    const { task, items: sent } = await planned({ ...taskBody(), target, items });
    expect(task).toMatchObject({ item_count: 1, example_count: 1 });
    expect(sent[0]?.['fields']).toEqual({ a: 2 });
  });

  it.each(KEYS.filter((name) => /^[\w .:$-]+$/.test(name) && name === comparable(name)))(
    'works as a column and a target of a table: %j',
    async (name) => {
      const text = `x,${name}\n1,ham\n2,\n`;
      const file = await csvFile(market, me, text, [
        { name: 'x', type: 'integer', filled: 2 },
        { name, type: 'text', filled: 1, values: ['ham'] },
      ]);
      const { items: sent } = await planned({ ...taskBody(), items: [], files: [file], target: name });
      expect(sent).toEqual([{ id: `${file}:2`, fields: { x: 2 } }]);
    },
  );

  it.each(HOSTILE_NAMES)('works as the id of an item, including its correction: %j', async (id) => {
    const { resultId } = await delivered(
      market,
      me,
      taskBody({ items: [{ id, fields: { text: 'one' } }, {}] }),
    );
    const judged = await giveFeedback(market, me.userId, resultId, {
      verdict: 'reject',
      corrections: [{ item_id: id, expected: 'spam' }],
    });
    expect(judged.feedback).toMatchObject({ refused_count: 1 });
  });

  it.each(HOSTILE_NAMES.filter((name) => !/[/\\]|^\./.test(name)))('works as a file name: %j', (name) => {
    expect(Filename.parse(name)).toBe(name.trim());
  });

  it.each(HOSTILE_NAMES)('is rejected as an agent: %j', async (name) => {
    const body = CreateTaskBody.safeParse({ ...taskBody(), preferred_agent: name });
    if (!body.success) return;
    const error = await createTask(market, me, body.data, newId()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DukeError);
    expect(error).toMatchObject({ code: 'no_agent_available' });
  });
});

describe('an invisible name, or one that hides adjacent text', () => {
  it.each(REFUSED_NAMES)('is rejected everywhere: %j', (name) => {
    const strict = [
      { labels: ['b', name] },
      { items: [{ id: name }] },
      { preferred_agent: name },
      ...(/[\n\t]/.test(name) ? [] : [{ target: name }, { items: [{ fields: { [name]: 1 } }] }]),
    ];
    for (const part of strict)
      expect(CreateTaskBody.safeParse({ ...taskBody(), ...part }).success).toBe(false);
    expect(Filename.safeParse(name).success).toBe(false);
  });
});

describe('a correction', () => {
  it('matches a label in any spelling, and is stored in the spelling of the label', async () => {
    const { resultId } = await delivered(market, me, taskBody({ labels: ['tea', 'caf\u00e9'] }));
    await giveFeedback(market, me.userId, resultId, {
      verdict: 'accept',
      corrections: [{ item_id: 'item:1', expected: 'cafe\u0301' }],
    });
    const result = await market.results.get(resultId);
    const key = result && 'feedback' in result ? result.feedback.corrections_key : undefined;
    expect(JSON.parse(await market.work.text(key ?? ''))).toEqual({
      item_id: 'item:1',
      expected: 'caf\u00e9',
    });
  });
});
