import { describe, expect, it } from 'vitest';
import { roundAnswers } from '../../../lambdas/shared/round-answers.ts';
import { inlineTask, rows, tableTask } from '../support/expanded-task.ts';

describe('a table whose answers are numbers', () => {
  it('with a decimal comma is answered with a decimal comma', async () => {
    const table = rows(
      'flaeche;zimmer;preis',
      '50,5;2;100,10',
      '60,0;2;120,40',
      '70,2;3;140,75',
      '80,9;3;161,00',
      '75,5;3;',
      '95,0;4;',
    );
    const { measure, expected, items, fill } = await tableTask(table, 'preis');
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
  ])('is answered in the form of %s', async (_what, cells, prediction, written) => {
    const table = rows('area,y', ...cells.map((cell, i) => `${50 + i},${cell}`), '75,');
    const { measure, expected, fill } = await tableTask(table, 'y');
    expect(measure.kind).toBe('regression');
    expect(expected.every((answer) => typeof answer === 'number')).toBe(true);
    const filled = await fill(prediction);
    expect(filled.split('\n').at(-2)!.replaceAll('"', '')).toBe(`75,${written.replaceAll('"', '')}`);
  });

  it('has the same answers in the page, the API and the file', () => {
    const form = { decimal: ',', decimals: 1 } as const;
    const answers = [{ prediction: 1.26, interval: [1, 1.52] }, { prediction: 'text' }];
    expect(roundAnswers({ answer_form: form }, answers)).toEqual([
      { prediction: 1.3, interval: [1, 1.52] },
      { prediction: 'text' },
    ]);
    expect(roundAnswers({}, answers)).toEqual(answers);
  });
});

describe('a table with few distinct answers', () => {
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
    const { measure } = await tableTask(table, target);
    expect(measure).toMatchObject({ kind: 'classification', labels });
    expect(measure.kindReason).toBeDefined();
  });

  it('of JSON keeps the JSON type of its labels', async () => {
    const table = JSON.stringify([
      { t: 'a', label: 1 },
      { t: 'b', label: 0 },
      { t: 'c', label: 1 },
      { t: 'd', label: null },
    ]);
    const { measure, fill } = await tableTask(table, 'label', {}, 'application/json');
    expect(measure).toMatchObject({ kind: 'classification', labels: ['0', '1'] });
    expect((JSON.parse(await fill('1')) as unknown[])[3]).toEqual({ t: 'd', label: 1 });
  });

  it('of JSON writes numbers given as texts as texts, in their form', async () => {
    const table = JSON.stringify(
      [
        ['a', '186,42'],
        ['b', '1.200,10'],
        ['c', '7,00'],
        ['d', ''],
      ].map(([t, y]) => ({ t, y })),
    );
    const { measure, fill } = await tableTask(table, 'y', {}, 'application/json');
    expect(measure.kind).toBe('regression');
    expect((JSON.parse(await fill(1186.4249)) as unknown[])[3]).toEqual({ t: 'd', y: '1.186,42' });
  });

  it('has the kind that its buyer chose', async () => {
    const stars = rows('text,stars', 'a,5', 'b,1', 'c,5', 'd,2', 'e,');
    const { measure, expected, fill } = await tableTask(stars, 'stars', { kind: 'regression' });
    expect(measure).toMatchObject({ kind: 'regression', kindReason: undefined });
    expect(expected).toEqual([5, 1, 5, 2]);
    expect(await fill(3.7)).toContain('e,4\n');
    expect((await tableTask(stars, 'stars', { kind: 'generation' })).expected).toEqual(['5', '1', '5', '2']);
  });
});

describe('a text for missing values', () => {
  const trees = rows('x,species', '5.1,oak', '5.0,oak', '9.9,elm', '9.7,elm', '5.2,NA', '9.8,NA');

  it('in the target marks an item, and is overwritten', async () => {
    const { file, measure, items, fill } = await tableTask(trees, 'species');
    expect(measure).toMatchObject({ itemCount: 2, exampleCount: 4, labels: ['elm', 'oak'] });
    expect(items.map(({ id }) => id)).toEqual([`${file.id}:5`, `${file.id}:6`]);
    expect(await fill('oak', 'elm')).toBe(trees.replace('5.2,NA', '5.2,oak').replace('9.8,NA', '9.8,elm'));
  });

  it('is an answer if its buyer says so', async () => {
    const answer = tableTask(trees, 'species', { missing: [] });
    await expect(answer).rejects.toThrow('all 6 rows have their target filled');
    const more = await tableTask(`${trees}7.0,\n`, 'species', { missing: [] });
    expect(more.measure).toMatchObject({ itemCount: 1, exampleCount: 6, labels: ['NA', 'elm', 'oak'] });
    expect(more.expected).toEqual(['oak', 'oak', 'elm', 'elm', 'NA', 'NA']);
    const unknown = rows('x,y', '1,cat', '2,dog', '3,cat', '4,unknown', '5,dog');
    const { measure } = await tableTask(unknown, 'y', { missing: ['unknown'] });
    expect(measure).toMatchObject({ itemCount: 1, exampleCount: 4, labels: ['cat', 'dog'] });
  });

  it('can only be chosen among those that were found', async () => {
    await expect(tableTask(trees, 'species', { missing: ['oak'] })).rejects.toThrow(
      '"oak" cannot count as blank in "species"; "NA" can',
    );
    await expect(inlineTask({ items: [{}], missing: ['NA'], kind: 'generation' })).rejects.toThrow(
      'name the target',
    );
  });

  it('in a numeric column is neither a number nor a text', async () => {
    const { items, examples } = await tableTask(
      rows('x,z,y', '1,3,2.1', '2,NA,4.0', '3,1,6.2', '4,2,8.1', '5,NA,', '6,3,'),
      'y',
    );
    expect(examples.map(({ fields }) => fields['z'])).toEqual([3, null, 1, 2]);
    expect(items.map(({ fields }) => fields['z'])).toEqual([null, 3]);
  });
});

it('rows without any value are neither answered nor charged', async () => {
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
  const { file, measure, items, fill } = await tableTask(table, 'label');
  expect(measure).toMatchObject({ itemCount: 1, exampleCount: 4 });
  expect(items.map(({ id }) => id)).toEqual([`${file.id}:6`]);
  expect(await fill('good')).toBe(table.replace('7,lovely,\n', '7,lovely,good\n'));
  const json = '[{"t":"a","y":"x"},{"t":"b","y":"z"},{"t":null,"y":""},{},{"t":"c"}]';
  const list = await tableTask(json, 'y', {}, 'application/json');
  expect(list.measure).toMatchObject({ itemCount: 1, exampleCount: 2 });
  expect(list.items.map(({ id }) => id)).toEqual([`${list.file.id}:5`]);
});
