import { beforeEach, describe, expect, it } from 'vitest';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import type { Column } from '../../../contracts/entities/column.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { objects } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { listResultItems } from '../../../lambdas/tasks/read-results.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { buyer, csvFile, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace(undefined, undefined, ['classification', 'regression', 'generation']);
  await fund(market, me, 10_000_000);
});

const refusal = async (body: Parameters<typeof CreateTaskBody.parse>[0]) => {
  const held = async () => (await market.wallets.get(me.userId)).held_satoshis;
  const before = await held();
  const error: unknown = await createTask(market, me, CreateTaskBody.parse(body), newId()).catch(
    (thrown: unknown) => thrown,
  );
  expect(await held()).toBe(before);
  return error;
};
const faultAt = (path: string) =>
  expect.objectContaining({
    code: 'validation_failed',
    errors: [expect.objectContaining({ path })],
  }) as unknown;

/** A file whose inspection found this; its bytes are not there. */
async function inspected(
  metadata: ReadyFile['metadata'],
  overrides: Partial<ReadyFile> = {},
): Promise<string> {
  const at = market.clock().toISOString();
  const base = {
    id: newId(),
    owner_id: me.userId,
    filename: 'file',
    content_type: 'text/plain',
    file_type: metadata.file_type,
    size_bytes: 3,
    created_at: at,
    updated_at: at,
    ...overrides,
  };
  await market.files.create({ ...base, status: 'pending' });
  await market.files.inspected({ ...base, status: 'ready', metadata });
  return base.id;
}
const textFile = (filename: string) =>
  inspected(
    { file_type: 'text', encoding: 'utf-8', sha256: '0'.repeat(64), characters: 3, lines: 1 },
    { filename },
  );
const tableFile = (columns: Column[], rows: number, extra: object = {}, overrides: Partial<ReadyFile> = {}) =>
  inspected(
    { file_type: 'csv', encoding: 'utf-8', sha256: '0'.repeat(64), delimiter: ',', rows, columns, ...extra },
    overrides,
  );

describe('ids of items', () => {
  const answeredIds = async (ids: object[]) => {
    const items = ids.map((id) => ({ ...id, fields: { text: 'one' } }));
    const { resultId } = await delivered(market, me, taskBody({ items }));
    const pages = { ...market, downloadUrl: async (key: string) => key };
    const page = await listResultItems(pages, me, resultId, { limit: 100 });
    return page.items.map(({ id }) => id);
  };

  it('are generated without a collision with ids of the buyer', async () => {
    expect(await answeredIds([{ id: 'item:2' }, {}])).toEqual(['item:2', 'item:2.1']);
    expect(await answeredIds([{ id: 'item:3' }, { id: 'item:3.1' }, {}, {}])).toEqual([
      'item:3',
      'item:3.1',
      'item:3.2',
      'item:4',
    ]);
  });

  it.each([
    ['the same twice', 'a', 'a'],
    ['the same in another normal form', 'caf\u00e9', 'cafe\u0301'],
    ['the same but for an invisible character', 'a', 'a\u200b'],
    ['the same but for white space', 'a b', 'a  b'],
  ])('are rejected if they are %s', async (_case, first, second) => {
    const body = { ...taskBody(), items: [{ id: first }, { id: second }] };
    expect(await refusal(body)).toEqual(faultAt('items.1.id'));
  });

  it('are rejected if they equal ids of rows of an attached file', async () => {
    const file = await csvFile(market, me, 'text,label\na,\nb,\n', [
      { name: 'text', type: 'text', filled: 2 },
      { name: 'label', type: 'empty', filled: 0 },
    ]);
    const body = { ...taskBody(), files: [file], target: 'label' };
    expect(await refusal({ ...body, items: [{ id: `${file}:1` }] })).toEqual(faultAt('items.0.id'));
    expect(await refusal({ ...body, items: [{ id: file.toUpperCase() }] })).toEqual(faultAt('items.0.id'));
    expect(await createTask(market, me, { ...body, items: [{ id: `${newId()}:1` }] }, newId())).toMatchObject(
      {
        item_count: 3,
      },
    );
  });
});

describe('examples', () => {
  const regression = {
    description: 'How many?',
    complexity: 1,
    kind: 'regression',
    items: [{ fields: { n: 1 } }],
  };

  it.each([['twelve'], ['nan'], ['1e101'], ['1_000'], ['0x10'], ['']])(
    'of a regression cannot be the text %j',
    async (expected) => {
      const examples = [1, 2, expected].map((answer, n) => ({ fields: { n }, expected: answer }));
      if (expected === '') expect(CreateTaskBody.safeParse({ ...regression, examples }).success).toBe(false);
      else expect(await refusal({ ...regression, examples })).toEqual(faultAt('examples.2.expected'));
    },
  );

  it('of a regression reach the model as numbers, also if given as texts', async () => {
    const examples = ['1', ' 2.5 ', 3e1].map((expected, n) => ({ fields: { n }, expected }));
    const { id } = await createTask(market, me, CreateTaskBody.parse({ ...regression, examples }), newId());
    await planTask(market, id);
    const lines = (await market.work.text(objects.examples(id))).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { expected: unknown }).expected)).toEqual([1, 2.5, 30]);
  });

  it('of a regression cannot be texts in a field or a column either', async () => {
    const items = [{ fields: { n: 1 } }, { fields: { n: 2, y: 'many' } }];
    const examples = [1, 2, 3].map((expected) => ({ expected }));
    expect(await refusal({ ...regression, target: 'y', items, examples })).toEqual(
      faultAt('items.1.fields.y'),
    );
    const file = await tableFile([{ name: 'y', type: 'text', filled: 5 }], 9);
    expect(await refusal({ ...regression, target: 'y', items: [], files: [file] })).toEqual(
      faultAt('target'),
    );
  });

  it('match a label in any spelling, and reach the model in the spelling of the label', async () => {
    const body = taskBody({
      labels: ['caf\u00e9', '0.30000000000000004', '1e-7', '123456789012345680000', '1'],
      examples: ['cafe\u0301', 0.1 + 0.2, 1e-7, 123456789012345680000, 1.0].map((expected) => ({ expected })),
    });
    const { id } = await createTask(market, me, body, newId());
    await planTask(market, id);
    const lines = (await market.work.text(objects.examples(id))).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { expected: unknown }).expected)).toEqual(body.labels);
  });

  it('that look the same are one label', async () => {
    const examples = ['cafe\u0301', 'caf\u00e9', 'tea', 'tea\u200b'].map((expected) => ({ expected }));
    const task = await createTask(market, me, taskBody({ labels: undefined, examples }), newId());
    expect(task.labels).toEqual(['caf\u00e9', 'tea']);
  });

  it.each([
    ['x'.repeat(81), 'labels'],
    ['  ', 'examples.2.expected'],
  ])('are not labels if they are %j', async (unfit, path) => {
    const examples = ['a', 'b', unfit].map((expected) => ({ expected }));
    const body = { ...taskBody(), kind: 'classification', labels: undefined, examples };
    expect(await refusal(body)).toEqual(faultAt(path));
  });

  it('that may exceed the input limit of the model together are rejected', async () => {
    const columns: Column[] = [{ name: 'y', type: 'integer', filled: 100, values: ['1', '2'] }];
    const body = { ...taskBody(), labels: undefined, target: 'y', items: [] };
    const most = LIMITS.examplesTogether.value;
    const large = await tableFile(columns, 101, {
      row_bytes: { largest: Math.ceil(most / 99), all: most + 1 },
    });
    expect(await refusal({ ...body, files: [large] })).toEqual(faultAt('files'));
    const small = await tableFile(columns, 101, {
      row_bytes: { largest: Math.ceil(most / 99), all: most - 1000 },
    });
    expect(
      await createTask(market, me, CreateTaskBody.parse({ ...body, files: [small] }), newId()),
    ).toMatchObject({ example_count: 100 });
  });
});

describe('files', () => {
  const columns: Column[] = [
    { name: 'text', type: 'text', filled: 4 },
    { name: 'label', type: 'empty', filled: 0 },
  ];

  it('with equal names are rejected if a cell could refer to either', async () => {
    const table = await tableFile(columns, 4);
    const [first, second] = [await textFile('report.txt'), await textFile('re\u200bport.txt')];
    const body = { ...taskBody(), items: [], files: [table, first, second], target: 'label' };
    const error = await refusal(body);
    expect(error).toEqual(faultAt('files.2'));
    expect(String(error)).toContain('report.txt');
  });

  it('with equal names are separate items if there is no table', async () => {
    const files = [await textFile('report.txt'), await textFile('report.txt')];
    expect(await createTask(market, me, taskBody({ items: [], files }), newId())).toMatchObject({
      item_count: 2,
    });
  });

  it('are rejected if the tables are too large to be read together', async () => {
    const half = LIMITS.tablesTogether.value / 2;
    const files = [
      await tableFile(columns, 4, {}, { size_bytes: half }),
      await tableFile(columns, 4, {}, { size_bytes: half + 1 }),
    ];
    expect(await refusal({ ...taskBody(), items: [], files, target: 'label' })).toEqual(faultAt('files'));
  });

  it('are found by name in any Unicode normalization form', async () => {
    const text = 'text,label\ncafe\u0301.txt,\nother,\n';
    const table = await csvFile(market, me, text, [
      { name: 'text', type: 'text', filled: 2 },
      { name: 'label', type: 'empty', filled: 0 },
    ]);
    const medium = await textFile('caf\u00e9.txt');
    const body = taskBody({ items: [], files: [table, medium], target: 'label' });
    const { id } = await createTask(market, me, body, newId());
    await planTask(market, id);
    const [line] = (await market.work.text(objects.chunkItems(id, 1))).split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ fields: {}, media: { text: { file_type: 'text' } } });
  });
});
