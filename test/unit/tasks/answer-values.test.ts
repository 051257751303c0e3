import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CreateTaskBody } from '../../../contracts/api/tasks.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { TaskInputs } from '../../../contracts/entities/task.ts';
import { roundAnswers } from '../../../lambdas/tasks/answers.ts';
import { assertDoable } from '../../../lambdas/tasks/doable.ts';
import { expandItems } from '../../../lambdas/tasks/expand-items.ts';
import type { Expanded } from '../../../lambdas/tasks/expand-items.ts';
import { measureTask } from '../../../lambdas/tasks/measure.ts';
import { renderOutput } from '../../../lambdas/tasks/output.ts';
import { taskBody } from '../support/marketplace.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { inspected } from '../support/table-flow.ts';
import type { ContentType } from '../support/table-flow.ts';

type Overrides = Partial<CreateTaskBody>;

/** What a task over a table is, what goes to the model, and the file that comes back with `answer` in every item. */
async function posted(
  content: string,
  target: string,
  overrides: Overrides = {},
  type: ContentType = 'text/csv',
) {
  const { file } = await inspected(type, content);
  if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
  const body = taskBody({ labels: undefined, items: [], target, files: [file.id], ...overrides });
  const measure = measureTask(body, [file]);
  assertDoable(body, [file], measure);
  const uploads = { ...memoryObjects('files'), stream: async () => Readable.from([Buffer.from(content)]) };
  const expanded = await expand(body, measure.kind, new Map([[file.id, file]]), uploads);
  const fill = async (...answers: (string | number)[]): Promise<string> => {
    const items = roundAnswers(
      { answer_form: measure.answerForm },
      expanded.items.map(({ id }, i) => ({ id, prediction: answers[i % answers.length]! })),
    );
    const output = await renderOutput({
      task: { kind: measure.kind, target },
      attached: [file],
      inputs: { items: [], examples: [] },
      uploads,
      items,
    });
    return output.body.toString();
  };
  return { file, measure, ...expanded, fill };
}

async function expand(
  body: CreateTaskBody,
  kind: ReturnType<typeof measureTask>['kind'],
  files: ReadonlyMap<string, ReadyFile>,
  uploads: Parameters<typeof expandItems>[0]['uploads'],
) {
  const all: Expanded[] = [];
  const inputs = TaskInputs.parse({ items: body.items, examples: body.examples });
  const task = {
    kind,
    target: body.target,
    missing: body.missing,
    files: body.files,
  };
  for await (const one of expandItems({ task, inputs, files, uploads })) all.push(one);
  const items = all.flatMap((one) => ('item' in one ? [one.item] : []));
  const examples = all.flatMap((one) => ('example' in one ? [one.example] : []));
  return { items, examples, expected: examples.map((example) => example.expected) };
}

const inline = async (overrides: Overrides) => {
  const body = taskBody({ labels: undefined, items: [], ...overrides });
  const measure = measureTask(body, []);
  assertDoable(body, [], measure);
  return { measure, ...(await expand(body, measure.kind, new Map(), memoryObjects('files'))) };
};

const rows = (...lines: string[]): string => `${lines.join('\n')}\n`;

describe('a table whose answers are numbers', () => {
  it('with a decimal comma is answered with one', async () => {
    const table = rows(
      'flaeche;zimmer;preis',
      '50,5;2;100,10',
      '60,0;2;120,40',
      '70,2;3;140,75',
      '80,9;3;161,00',
      '75,5;3;',
      '95,0;4;',
    );
    const { measure, expected, items, fill } = await posted(table, 'preis');
    expect(measure).toMatchObject({ kind: 'regression', itemCount: 2, exampleCount: 4 });
    expect(expected).toEqual([100.1, 120.4, 140.75, 161]);
    expect(items.map(({ fields }) => fields)).toEqual([
      { flaeche: 75.5, zimmer: 3 },
      { flaeche: 95, zimmer: 4 },
    ]);
    expect(await fill(150.123_456, 1200)).toBe(
      table.replace('75,5;3;\n', '75,5;3;150,12\n').replace('95,0;4;\n', '95,0;4;1200,00\n'),
    );
  });

  it.each([
    ['currency', ['$100.50', '$120.00', '$140.25', '$160.75', '$180.10'], 133.337, '$133.34'],
    ['thousands', ['"$3,000"', '"$1,200"', '$950'], 2041.7, '"$2,042"'],
    ['plus signs', ['+1.5', '+2.0', '-0.5', '+3.1', '-1.0'], 0.72, '+0.7'],
    ['percent', ['12 %', '7 %', '19 %', '3 %'], 8.6, '9 %'],
    ['units', ['12 kg', '7.5 kg', '9 kg'], 8.26, '8.3 kg'],
    ['whole numbers', ['250000', '310000', '180000', '420000'], 287_123.6, '287124'],
    ['brackets', ['"(1,200)"', '"3,400"', '"2,000"'], -99.6, '(100)'],
  ])('in the form of %s', async (_what, cells, prediction, written) => {
    const table = rows('area,y', ...cells.map((cell, i) => `${50 + i},${cell}`), '75,');
    const { measure, expected, fill } = await posted(table, 'y');
    expect(measure.kind).toBe('regression');
    expect(expected.every((answer) => typeof answer === 'number')).toBe(true);
    const filled = await fill(prediction);
    expect(filled.split('\n').at(-2)!.replaceAll('"', '')).toBe(`75,${written.replaceAll('"', '')}`);
  });

  it('says the same in the page, the API and the file', () => {
    const form = { decimal: ',', decimals: 1 } as const;
    const answers = [{ prediction: 1.26, interval: [1, 1.52] }, { prediction: 'text' }];
    expect(roundAnswers({ answer_form: form }, answers)).toEqual([
      { prediction: 1.3, interval: [1, 1.52] },
      { prediction: 'text' },
    ]);
    expect(roundAnswers({}, answers)).toEqual(answers);
  });
});

describe('a table whose answers are few', () => {
  it.each([
    [
      '0 and 1',
      rows('x,survived', '1,0', '2,0', '3,0', '9,1', '8,1', '7,1', '1.5,', '8.5,'),
      'survived',
      ['0', '1'],
    ],
    [
      'stars',
      rows('text,stars', 'a,5', 'b,1', 'c,5', 'd,2', 'e,4', 'f,1', 'g,', 'h,'),
      'stars',
      ['1', '2', '4', '5'],
    ],
    [
      'codes of countries',
      rows(
        'country,code',
        'Germany,DE',
        'France,FR',
        'Namibia,NA',
        'Italy,IT',
        'Namibia (Republic of),',
        'France (Republic of),',
      ),
      'code',
      ['DE', 'FR', 'IT', 'NA'],
    ],
    [
      'one label in two normal forms',
      rows('text,kind', 'a,caf\u00e9', 'b,bar', 'c,cafe\u0301', 'd,bar', 'e,café', 'f,'),
      'kind',
      ['bar', 'café'],
    ],
    [
      'labels with invisible characters',
      rows('text,kind', 'a,good\u200b', 'b,bad', 'c,good', 'd,bad', 'e,'),
      'kind',
      ['bad', 'good'],
    ],
  ])('has labels: %s', async (_what, table, target, labels) => {
    const { measure } = await posted(table, target);
    expect(measure).toMatchObject({ kind: 'classification', labels });
    expect(measure.kindReason).toBeDefined();
  });

  it('of JSON keeps the type that its labels have', async () => {
    const table = JSON.stringify([
      { t: 'a', label: 1 },
      { t: 'b', label: 0 },
      { t: 'c', label: 1 },
      { t: 'd', label: null },
    ]);
    const { measure, fill } = await posted(table, 'label', {}, 'application/json');
    expect(measure).toMatchObject({ kind: 'classification', labels: ['0', '1'] });
    expect((JSON.parse(await fill('1')) as unknown[])[3]).toEqual({ t: 'd', label: 1 });
  });

  it('of JSON writes numbers that are texts as texts, in their form', async () => {
    const table = JSON.stringify(
      [
        ['a', '186,42'],
        ['b', '1.200,10'],
        ['c', '7,00'],
        ['d', ''],
      ].map(([t, y]) => ({ t, y })),
    );
    const { measure, fill } = await posted(table, 'y', {}, 'application/json');
    expect(measure.kind).toBe('regression');
    expect((JSON.parse(await fill(1186.4249)) as unknown[])[3]).toEqual({ t: 'd', y: '1.186,42' });
  });

  it('is what its buyer says it is', async () => {
    const stars = rows('text,stars', 'a,5', 'b,1', 'c,5', 'd,2', 'e,');
    const { measure, expected, fill } = await posted(stars, 'stars', { kind: 'regression' });
    expect(measure).toMatchObject({ kind: 'regression', kindReason: undefined });
    expect(expected).toEqual([5, 1, 5, 2]);
    expect(await fill(3.7)).toContain('e,4\n');
    expect((await posted(stars, 'stars', { kind: 'generation' })).expected).toEqual(['5', '1', '5', '2']);
  });
});

describe('what stands for a missing value', () => {
  const trees = rows('x,species', '5.1,oak', '5.0,oak', '9.9,elm', '9.7,elm', '5.2,NA', '9.8,NA');

  it('in the target is the work, and is overwritten', async () => {
    const { file, measure, items, fill } = await posted(trees, 'species');
    expect(measure).toMatchObject({ itemCount: 2, exampleCount: 4, labels: ['elm', 'oak'] });
    expect(items.map(({ id }) => id)).toEqual([`${file.id}:5`, `${file.id}:6`]);
    expect(await fill('oak', 'elm')).toBe(trees.replace('5.2,NA', '5.2,oak').replace('9.8,NA', '9.8,elm'));
  });

  it('is an answer where its buyer says so', async () => {
    const answer = posted(trees, 'species', { missing: [] });
    await expect(answer).rejects.toThrow('all 6 rows have their target filled');
    const more = await posted(`${trees}7.0,\n`, 'species', { missing: [] });
    expect(more.measure).toMatchObject({ itemCount: 1, exampleCount: 6, labels: ['NA', 'elm', 'oak'] });
    expect(more.expected).toEqual(['oak', 'oak', 'elm', 'elm', 'NA', 'NA']);
    const unknown = rows('x,y', '1,cat', '2,dog', '3,cat', '4,unknown', '5,dog');
    const { measure } = await posted(unknown, 'y', { missing: ['unknown'] });
    expect(measure).toMatchObject({ itemCount: 1, exampleCount: 4, labels: ['cat', 'dog'] });
  });

  it('may be chosen among those that were found only', async () => {
    await expect(posted(trees, 'species', { missing: ['oak'] })).rejects.toThrow(
      '"oak" cannot count as blank in "species"; "NA" can',
    );
    await expect(inline({ items: [{}], missing: ['NA'], kind: 'generation' })).rejects.toThrow(
      'name the target',
    );
  });

  it('among numbers is no number, and no text', async () => {
    const { items, examples } = await posted(
      rows('x,z,y', '1,3,2.1', '2,NA,4.0', '3,1,6.2', '4,2,8.1', '5,NA,', '6,3,'),
      'y',
    );
    expect(examples.map(({ fields }) => fields['z'])).toEqual([3, null, 1, 2]);
    expect(items.map(({ fields }) => fields['z'])).toEqual([null, 3]);
  });
});

it('neither answers nor charges rows without any value', async () => {
  const table = rows(
    'id,text,label',
    '0,works,good',
    '1,leaked,bad',
    '2,warm,good',
    '3,smells,bad',
    ',,',
    '7,lovely,',
    ',,',
    ' ,\u200b,',
  );
  const { file, measure, items, fill } = await posted(table, 'label');
  expect(measure).toMatchObject({ itemCount: 1, exampleCount: 4 });
  expect(items.map(({ id }) => id)).toEqual([`${file.id}:6`]);
  expect(await fill('good')).toBe(table.replace('7,lovely,\n', '7,lovely,good\n'));
  const json = '[{"t":"a","y":"x"},{"t":"b","y":"z"},{"t":null,"y":""},{},{"t":"c"}]';
  const list = await posted(json, 'y', {}, 'application/json');
  expect(list.measure).toMatchObject({ itemCount: 1, exampleCount: 2 });
  expect(list.items.map(({ id }) => id)).toEqual([`${list.file.id}:5`]);
});

describe('a regression over texts', () => {
  it('names the row that holds no number', async () => {
    const table = rows('x,y', '1,2.5', '2,about 3', '3,4', '4,');
    await expect(posted(table, 'y', { kind: 'regression' })).rejects.toThrow('row 2 holds "about 3"');
    const units = rows('x,y', '1,5 EUR', '2,5 USD', '3,4 EUR', '4,');
    await expect(posted(units, 'y', { kind: 'regression' })).rejects.toThrow('row 2 holds "5 USD"');
    const kept = rows('x,y', '1,5', '2,NA', '3,4', '4,3', '5,');
    await expect(posted(kept, 'y', { kind: 'regression', missing: [] })).rejects.toThrow(
      '"NA" counts as an answer',
    );
  });
});

describe('answers that are given in the request', () => {
  it('are numbers in local form', async () => {
    const items = ['12,5', '1.200,75 ', '7,1', ''].map((price, i) => ({ fields: { x: i, price } }));
    const { measure, expected } = await inline({ target: 'price', items });
    expect(measure).toMatchObject({
      kind: 'regression',
      itemCount: 1,
      answerForm: { decimal: ',', group: '.', decimals: 2 },
    });
    expect(expected).toEqual([12.5, 1200.75, 7.1]);
    const examples = ['$5.50', '$7.25', '$6.10'].map((answer) => ({ expected: answer }));
    expect((await inline({ items: [{}], examples })).expected).toEqual([5.5, 7.25, 6.1]);
  });

  it('are refused by place where they are no numbers', async () => {
    const examples = [{ expected: '1,5' }, { expected: 'many' }, { expected: '2,5' }];
    await expect(inline({ items: [{}], kind: 'regression', examples })).rejects.toMatchObject({
      errors: [{ path: 'examples.0.expected' }],
    });
    const items = [1, 2, 'x', 3, null].map((y) => ({ fields: { y } }));
    await expect(inline({ items, kind: 'regression', target: 'y' })).rejects.toMatchObject({
      errors: [{ path: 'items.2.fields.y' }],
    });
  });

  it('leave out what stands for a missing value, but not in an example', async () => {
    const items = ['good', 'bad', 'good', 'bad', 'NA'].map((label, i) => ({ fields: { x: i, label } }));
    expect((await inline({ target: 'label', items })).measure).toMatchObject({
      itemCount: 1,
      labels: ['bad', 'good'],
    });
    const examples = [{ fields: { x: 9 }, expected: 'NA' }];
    const both = await inline({ target: 'label', items: [...items, { fields: { x: 6 } }], examples });
    expect(both.measure).toMatchObject({ itemCount: 1, labels: ['NA', 'bad', 'good'] });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('may be named %s', async (target) => {
    const items = ['good', 'bad', 'good'].map((label, i) => ({ fields: { x: i, [target]: label } }));
    const { measure, items: left } = await inline({ target, items: [...items, { fields: { x: 9 } }] });
    expect(measure).toMatchObject({ itemCount: 1, exampleCount: 3, labels: ['bad', 'good'] });
    expect(left[0]?.fields).toEqual({ x: 9 });
    const { measure: labels } = await inline({
      target: 'y',
      items: [{ fields: { y: target } }, { fields: { y: 'b' } }, { fields: { y: 'b' } }, { fields: {} }],
    });
    expect(labels.labels).toEqual(['b', target].sort());
  });
});

describe('files that cells name', () => {
  const textFile = async (filename: string) => {
    const { file } = await inspected('text/plain', 'All is well.', filename);
    if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
    return file;
  };
  const judged = async (table: string, names: readonly string[], overrides: Overrides = {}) => {
    const { file } = await inspected('text/csv', table);
    if (file.status !== 'ready') throw new Error(`the file is ${file.status}`);
    const media = await Promise.all(names.map(textFile));
    const files = [file, ...media];
    const body = taskBody({ items: [], target: 'label', files: files.map(({ id }) => id), ...overrides });
    const measure = measureTask(body, files);
    assertDoable(body, files, measure);
    const uploads = { ...memoryObjects('files'), stream: async () => Readable.from([Buffer.from(table)]) };
    return expand(body, measure.kind, new Map(files.map((one) => [one.id, one])), uploads);
  };

  it('are found in another normal form, and in another case where only one is meant', async () => {
    const { items } = await judged(rows('doc,label', 'u\u0308ber.txt,', 'REPORT.TXT,'), [
      '\u00fcber.txt',
      'report.txt',
    ]);
    expect(items.map(({ media }) => media?.['doc']?.file_type)).toEqual(['text', 'text']);
    const cases = judged(rows('doc,label', 'A.TXT,'), ['A.txt', 'a.txt']);
    await expect(cases).rejects.toThrow('row 1 of table names the file "A.TXT"');
  });

  it.each([
    [
      'beside one that is',
      rows('doc,label', 'a.txt,', 'b.txt,'),
      ['a.txt'],
      'row 2 of table names the file "b.txt"',
    ],
    ['of another kind, beside one that is', rows('doc,label', 'a.txt,', 'b.pdf,'), ['a.txt'], 'row 2'],
    ['at all, where a table holds names only', rows('doc,label', 'a.txt,', 'b.txt,'), [], 'row 1'],
    [
      'where another is',
      rows('note,doc,label', 'x,b.txt,'),
      ['a.txt'],
      'row 1 of table names the file "b.txt" in "doc"',
    ],
  ])('are refused by row where they are not attached %s', async (_what, table, names, message) => {
    await expect(judged(table, names)).rejects.toThrow(message);
  });

  it('are refused while the rows are read, where they are too many to be kept', async () => {
    const many = Array.from({ length: 240 }, (_, i) => `f${i}.txt,`);
    const names = Array.from({ length: 239 }, (_, i) => `f${i}.txt`);
    await expect(judged(rows('doc,label', ...many), names)).rejects.toThrow(
      'row 240 of table names the file "f239.txt"',
    );
  });

  it('are texts like others where no file can be meant', async () => {
    const sites = rows('site,size,label', 'example.com,1,', 'example.org,2,');
    expect((await judged(sites, ['a.txt'])).items.map(({ fields }) => fields['site'])).toEqual([
      'example.com',
      'example.org',
    ]);
    const sizes = rows('file,size,label', 'a.txt,1,', 'b.txt,2,');
    expect((await judged(sizes, [])).items).toHaveLength(2);
  });
});
