import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../contracts/entities/common.ts';
import { inferAnswerType } from '../../../contracts/rules/answer-type.ts';
import { ColumnProfile } from '../../../contracts/values/column-profile.ts';
import type { Cell } from '../../../contracts/values/column-profile.ts';
import { mergeColumns } from '../../../contracts/values/merge-columns.ts';

const profiled = (cells: readonly Cell[], name = 'y') => {
  const profile = new ColumnProfile(name);
  cells.forEach((cell, i) => profile.add(cell, i + 1));
  return profile.toColumn();
};
const times = (n: number, cell: (i: number) => Cell): Cell[] => Array.from({ length: n }, (_, i) => cell(i));
/** Numbers between 0 and 1 that look drawn, the same in every run. */
const drawn = (i: number): number => ((i * 7919 + 104_729) % 10_007) / 10_007;

describe('the kind of answer', () => {
  it.each<[Kind, string, Cell[], string?]>([
    ['classification', '0 and 1', ['0', '0', '0', '1', '1', '1']],
    ['classification', '0 and 1, one of each', ['0', '1']],
    ['classification', '0.0 and 1.0, as pandas writes them beside blanks', ['0.0', '1.0', '1.0', '0.0']],
    ['classification', '0 and 1 of JSON', [1, 0, 1, 0]],
    ['classification', 'stars', ['5', '1', '5', '2', '4', '1']],
    ['classification', 'a Likert scale', times(60, (i) => String(1 + (i % 7)))],
    ['classification', '-1, 0 and 1', ['-1', '0', '1', '1', '0']],
    ['classification', 'digits', times(500, (i) => String(i % 10))],
    [
      'classification',
      'counts from 0 to 12 in 500 rows',
      times(500, (i) => String(Math.floor(13 * drawn(i)))),
    ],
    ['classification', 'classes in steps of ten', times(200, (i) => String(20 + 10 * (i % 15)))],
    ['classification', 'two tax rates', times(100, (i) => (i % 2 ? '7 %' : '19 %'))],
    ['classification', 'true and false', ['true', 'false', 'true']],
    ['classification', 'yes and no', ['yes', 'no', 'yes']],
    ['classification', 'two words, one of each', ['spam', 'ham']],
    ['classification', 'country codes, one of each', ['DE', 'FR', 'NA', 'IT']],
    ['classification', 'words with one repeated', ['ham', 'spam', 'ham', 'eggs']],
    ['classification', '60 cities in 100 rows', times(100, (i) => `city ${i % 60}`)],
    ['classification', '150 labels in 2,000 rows', times(2000, (i) => `label ${i % 150}`)],
    [
      'classification',
      'status codes that repeat',
      times(30, (i) => ['200', '404', '500'][i % 3]),
      'status_code',
    ],
    ['regression', 'prices with dollars', ['$100.50', '$120.00', '$140.25', '$160.75', '$180.10']],
    [
      'regression',
      'prices with a decimal comma',
      ['100,10', '120,40', '140,75', '161,00', '180,20', '200,90'],
    ],
    ['regression', 'changes with a plus', ['+1.5', '+2.0', '-0.5', '+3.1', '-1.0']],
    ['regression', '50 prices in 60 rows', times(60, (i) => (5 + (i % 50) * 1.37).toFixed(2))],
    ['regression', 'house prices', times(200, (i) => String(100_000 + Math.floor(9e5 * drawn(i))))],
    ['regression', 'house prices in six rows', ['250000', '310000', '180000', '420000', '275000', '199000']],
    ['regression', 'ages', times(60, (i) => String(18 + Math.floor(70 * drawn(i))))],
    ['regression', 'years', times(40, (i) => String(1980 + Math.floor(43 * drawn(i)))), 'year'],
    ['regression', 'squares', times(40, (i) => String((i + 1) ** 2))],
    ['regression', 'one to eight, once each', times(8, (i) => String(i + 1))],
    ['regression', 'percentages', times(40, (i) => `${Math.floor(100 * drawn(i))} %`)],
    ['regression', 'weights in few rows', ['3 kg', '4 kg', '3 kg', '5 kg']],
    ['regression', 'temperatures', times(30, (i) => (20 * drawn(i) - 5).toFixed(1))],
    ['regression', 'whole thousands', ['1,200', '3,400', '2,100']],
    ['regression', 'numbers with NA', ['2.1', '4.0', 'NA', '6.2', '8.1']],
    ['generation', 'ZIP codes', times(30, (i) => String(10_115 + 311 * i)), 'zip'],
    ['generation', 'ZIP codes with leading zeros', times(30, (i) => `0${1067 + 31 * i}`), 'plz'],
    ['generation', 'invoice numbers', times(8, (i) => `INV-2024-${100 + i}`)],
    ['generation', 'invoice numbers of digits', times(8, (i) => String(20_240_001 + i * 3))],
    ['generation', 'customer numbers', times(8, (i) => String(48_113 + i * 97)), 'Kundennummer id'],
    ['generation', 'sentences', times(8, (i) => `It is the ${i}th of them, and it differs.`)],
    ['generation', 'names', ['Anna Meier', 'Bo Li', 'Cy Ode', 'Di Fox', 'Ed Gil', 'Fay Hu']],
    ['generation', 'words that all differ', ['Katze', 'Hund', 'Maus', 'Pferd', 'Kuh', 'Schwein']],
    [
      'generation',
      'comments of which two are equal',
      times(30, (i) => (i < 2 ? 'thanks a lot' : `comment ${i}`)),
    ],
    ['generation', 'texts beyond counting', times(900, (i) => `title ${i % 450}`)],
    ['generation', 'dates that differ', ['2024-01-01', '2024-02-01', '2024-03-05']],
    ['generation', 'nothing', ['', null]],
  ])('is %s for %s', (kind, _what, cells, name) => {
    const { kind: inferred, reason } = inferAnswerType(profiled(cells, name));
    expect([inferred, reason]).toEqual([kind, expect.stringMatching(/^\p{L}*\d* ?\S.*[^.]$/u)]);
  });

  it('is inferred over all tables together', () => {
    const few = profiled(['ham', 'spam', 'ham']);
    const more = profiled(['ham', 'eggs', '']);
    expect(mergeColumns([few, more])).toMatchObject({
      filled: 5,
      type: 'text',
      values: ['eggs', 'ham', 'spam'],
    });
    expect(mergeColumns([profiled(['1']), profiled(['2.25', 'NA'])])).toMatchObject({
      type: 'number', filled: 2, min: 1, max: 2.25, missing: ['NA'], form: { decimals: 2 },
    }); // prettier-ignore
    expect(mergeColumns([profiled(['']), few])).toMatchObject({ type: 'text', values: ['ham', 'spam'] });
    expect(mergeColumns([profiled(['1']), few])).toMatchObject({
      type: 'text',
      not_number: { row: 1, text: 'ham' },
    });
    expect(mergeColumns([])).toBeUndefined();
    const mixed = mergeColumns([profiled(['cafe\u0301', 'bar']), profiled(['café'])]);
    expect(mixed?.values).toHaveLength(2);
  });
});
