import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column } from '../../../contracts/entities/column.ts';
import { ColumnProfile } from '../../../contracts/values/column-profile.ts';
import type { Cell } from '../../../contracts/values/column-profile.ts';
import { isDate } from '../../../contracts/values/calendar.ts';
import { writtenAnswer } from '../../../contracts/values/written-answer.ts';
import { RESERVED_WORDS } from '../../support/hostile-names.ts';

function columnOf(cells: readonly Cell[], name = 'c'): Column {
  const profile = new ColumnProfile(name);
  cells.forEach((cell, i) => profile.add(cell, i + 1));
  return Column.parse(profile.toColumn());
}

describe('a column', () => {
  it.each<[string, Cell[], Partial<Column>]>([
    [
      'whole numbers',
      ['1', '2', ''],
      { type: 'integer', filled: 2, min: 1, max: 2, form: { decimal: '.', decimals: 0 } },
    ],
    ['numbers', ['1', '2.5'], { type: 'number', min: 1, max: 2.5, form: { decimal: '.', decimals: 1 } }],
    ['numbers of JSON', [1, 2.5, null], { type: 'number', filled: 2 }],
    ['numbers as texts of JSON', ['1', 2], { type: 'integer' }],
    ['a decimal comma', ['1,5', '2,25'], { type: 'number', form: { decimal: ',', decimals: 2 } }],
    ['true and false', ['true', 'FALSE'], { type: 'boolean' }],
    ['true and false of JSON', [true, false], { type: 'boolean', values: ['false', 'true'] }],
    ['dates', ['2024-02-29', '2023-12-31T23:59:60Z'], { type: 'date' }],
    ['dates of which one is none', ['2023-02-29', '2023-03-01'], { type: 'text' }],
    ['texts', ['a', '1'], { type: 'text', not_number: { row: 1, text: 'a' } }],
    ['a number that is none', ['1', '', 'abc'], { type: 'text', not_number: { row: 3, text: 'abc' } }],
    ['true among numbers', [1, true], { type: 'text', not_number: { row: 2, text: 'true' } }],
    ['nothing', ['', ' ', '\u200b', null, undefined], { type: 'empty', filled: 0 }],
    ['codes with leading zeros', ['01067', '80331'], { type: 'text' }],
  ])('of %s', (_what, cells, expected) => {
    expect(columnOf(cells)).toMatchObject(expected);
  });

  it('stores equal texts once, preferring the one without hidden characters', () => {
    const nfd = 'cafe\u0301';
    expect(columnOf([nfd, 'bar', 'café', nfd]).values).toEqual(['bar', 'café']);
    expect(columnOf(['good\u200b', 'good', 'bad ']).values).toEqual(['bad', 'good']);
    expect(columnOf([nfd, 'bar']).values).toEqual(['bar', nfd]);
    expect(columnOf(['Yes', 'yes']).values).toEqual(['Yes', 'yes']);
  });

  it('stores values while they are few and short, otherwise the first ones as a sample', () => {
    const many = columnOf(Array.from({ length: 201 }, (_, i) => `text ${i}`));
    expect(many.values).toBeUndefined();
    expect(many.sample).toBe('text 0');
    const long = columnOf(['😀'.repeat(60)]);
    expect(long.values).toBeUndefined();
    expect(long.sample).toBe('😀'.repeat(30));
  });

  it('treats hostile names like other values', () => {
    const { values = [], missing = [] } = columnOf(RESERVED_WORDS);
    expect([...values, ...missing].sort()).toEqual([...RESERVED_WORDS].sort());
  });

  it('matches the contract for any cells, and counts each cell once', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('NA', '-', '1,5', '12 %', '2023-02-29', 'null', '', ' ', null),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), (cells) => {
        const finite = cells.filter((value) => typeof value !== 'number' || Number.isFinite(value));
        const column = columnOf(
          finite.map((value) => (typeof value === 'string' ? value.toWellFormed() : value)),
        );
        const dropped = (column.look_missing ?? [])
          .filter(({ text }) => column.missing?.includes(text))
          .reduce((sum, { count }) => sum + count, 0);
        const blank = columnOf(
          finite.map((value) => (typeof value === 'string' && value.trim() !== '' ? 'x' : value)),
        );
        expect(column.filled + dropped).toBeLessThanOrEqual(blank.filled);
      }),
      { numRuns: 200 },
    );
  });
});

describe('missing values', () => {
  it.each<[string, string[], string[] | undefined, Partial<Column>]>([
    ['NA among numbers', ['3', 'NA', '1', '2', 'NA', '3'], ['NA'], { type: 'integer', filled: 4 }],
    [
      'every mark among numbers',
      ['1', '-', '?', 'n/a', 'NaN', 'null', '.', '#N/A', 'unbekannt', 'None'],
      ['-', '?', 'n/a', 'NaN', 'null', '.', '#N/A', 'unbekannt', 'None'],
      { type: 'integer', filled: 1 },
    ],
    ['a dash among dates', ['2024-01-01', '–'], ['–'], { type: 'date' }],
    ['NA among numbers with units', ['12 kg', 'NA', '8 kg'], ['NA'], { type: 'integer' }],
    ['NA among lower-case words', ['oak', 'oak', 'elm', 'NA'], ['NA'], { filled: 3, values: ['elm', 'oak'] }],
    ['NA among capitalised words', ['Oak', 'Elm', 'NA'], ['NA'], {}],
    ['NA among YES and NO', ['YES', 'NO', 'YES', 'NA'], ['NA'], {}],
    [
      'NA among country codes',
      ['DE', 'FR', 'NA', 'IT'],
      undefined,
      { filled: 4, values: ['DE', 'FR', 'IT', 'NA'] },
    ],
    ['NA among continents', ['EU', 'AS', 'NA', 'SA', 'AF'], undefined, { filled: 5 }],
    ['NA among tickers', ['RY', 'TD', 'BNS', 'BMO', 'CM', 'NA', 'SU', 'CNQ', 'T'], undefined, {}],
    ['Na among elements', ['Cl', 'Fe', 'Na', 'O'], undefined, {}],
    ['null among labels', ['spam', 'ham', 'null'], ['null'], { filled: 2 }],
    ['nan among labels', ['spam', 'ham', 'nan'], ['nan'], {}],
    ['a family named Null', ['Abe', 'Bo', 'Cox', 'Doe', 'Eng', 'Fox', 'Gil', 'Hu', 'Null'], undefined, {}],
    ['None of Python', ['spam', 'ham', 'None'], ['None'], {}],
    ['None of a scale', ['Mild', 'Severe', 'None'], undefined, { filled: 3 }],
    ['none as a label', ['mild', 'severe', 'none'], undefined, { filled: 3 }],
    ['unknown as a label', ['cat', 'dog', 'unknown'], undefined, { filled: 3 }],
    ['unknown beside true and false', ['true', 'false', 'unknown'], undefined, { type: 'text', filled: 3 }],
    ['- among grades', ['A', 'B', '-'], ['-'], {}],
    ['- among signs', ['+', '-', '?'], undefined, { filled: 3 }],
    ['? among words', ['good', 'bad', '?'], ['?'], {}],
    ['keine Angabe, short', ['gut', 'k. A.', 'k.A.'], ['k. A.', 'k.A.'], {}],
    ['nothing but NA', ['NA', 'NA'], ['NA'], { type: 'empty', filled: 0 }],
  ])('%s', (_what, cells, missing, expected) => {
    const column = columnOf(cells);
    expect(column.missing).toEqual(missing);
    expect(column).toMatchObject(expected);
  });

  it('are counted, whether they mean missing values here or not', () => {
    expect(columnOf(['DE', 'FR', 'NA', 'IT', 'NA']).look_missing).toEqual([{ text: 'NA', count: 2 }]);
    expect(columnOf(['1', '-', 'NA', '-']).look_missing).toEqual([
      { text: '-', count: 2 },
      { text: 'NA', count: 1 },
    ]);
  });
});

describe('dates', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2023-04-31', false],
    ['2023-13-01', false],
    ['2023-00-10', false],
    ['2023-01-00', false],
    ['2026-11-23T10:00:00Z', true],
    ['2026-11-23 10:00', true],
    ['2026-11-23T24:00:00', true],
    ['2026-11-23T24:01', false],
    ['2026-11-23T25:00', false],
    ['2026-11-23T10:61', false],
    ['2026-11-23T10:00:00.123+05:30', true],
    ['2026-11-23T10:00:00+25:00', false],
    ['2026-1-2', false],
    ['31.12.2026', false],
  ])('%s: %s', (text, date) => {
    expect(isDate(text)).toBe(date);
  });

  it('exist in the calendar', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isDate(date.toISOString())).toBe(true);
          expect(isDate(date.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
  });
});

it('writes answers in the form of their column', () => {
  expect(writtenAnswer(columnOf(['1.234,56 €', '2,00 €']), 1500.5)).toBe('1.500,50 €');
  expect(writtenAnswer(columnOf(['+1.5', '-0.5']), 0.25)).toBe('+0.3');
  expect(writtenAnswer(columnOf(['1', '2']), 1.6)).toBe('2');
  expect(writtenAnswer(columnOf(['ham', 'spam']), 'ham')).toBe('ham');
  expect(writtenAnswer({}, 1e-7)).toBe('1e-7');
  expect(writtenAnswer({}, true)).toBe('true');
});
