import { describe, expect, it } from 'vitest';
import type { Column } from '../../../contracts/entities/column.ts';
import { inferAnswerType } from '../../../contracts/rules/answer-type.ts';

const whole = (distinct: number, first = 1000): string[] =>
  Array.from({ length: distinct }, (_, i) => String(first + i));
const decimals = (distinct: number): string[] => Array.from({ length: distinct }, (_, i) => `${100 + i}.5`);
/** A column of integers, each of `values` about as often as the others. */
const integers = (values: string[], filled: number, more: Partial<Column> = {}): Column => ({
  name: 'y',
  type: 'integer',
  filled,
  values,
  min: Math.min(...values.map(Number)),
  max: Math.max(...values.map(Number)),
  ...more,
});
const numbers = (values: string[], filled: number, more: Partial<Column> = {}): Column => ({
  ...integers(values, filled),
  type: 'number',
  ...more,
});
/** The column without one of its facts. */
const without = (column: Column, fact: 'values' | 'min' | 'max'): Column => {
  const copy = { ...column };
  delete copy[fact];
  return copy;
};
const unit = { form: { decimal: '.', decimals: 0, suffix: ' kg' } } as const;
const kindOf = (column: Column): string => inferAnswerType(column).kind;

describe('few numbers are labels', () => {
  it.each<[string, Column, string]>([
    ['20 whole numbers, five times each', integers(whole(20), 100), 'classification'],
    ['21 whole numbers, five times each', integers(whole(21), 105), 'regression'],
    ['20 whole numbers, less than five times each', integers(whole(20), 99), 'regression'],
    ['12 whole numbers with a unit, five times each', integers(whole(12), 60, unit), 'regression'],
    ['10 whole numbers with a unit, ten times each', integers(whole(10), 100, unit), 'classification'],
    ['10 numbers, ten times each', numbers(decimals(10), 100), 'classification'],
    ['11 numbers, ten times each', numbers(decimals(11), 110), 'regression'],
    ['10 numbers, less than ten times each', numbers(decimals(10), 99), 'regression'],
    ['12 numbers of which one is not whole', numbers([...whole(11), '1011.5'], 60), 'regression'],
    [
      '12 whole numbers written with decimals',
      numbers(
        whole(12).map((v) => `${v}.00`),
        60,
      ),
      'classification',
    ],
    [
      '12 numbers that end in 05',
      numbers(
        whole(12).map((v) => `${v}.05`),
        60,
      ),
      'regression',
    ],
    ['more distinct integers than are kept', without(integers(['1', '9'], 500), 'values'), 'regression'],
    ['more distinct numbers than are kept', without(numbers(['1', '9'], 500), 'values'), 'regression'],
  ])('%s', (_, column, kind) => {
    expect(kindOf(column)).toBe(kind);
  });
});

describe('a scale is labels', () => {
  it.each<[string, string[], number, string]>([
    ['-5 to 5', ['-5', '0', '5'], 4, 'classification'],
    ['-6 to 4', ['-6', '0', '4'], 4, 'regression'],
    ['0 to 10', ['0', '3', '10'], 4, 'classification'],
    ['1 to 11', ['1', '3', '11'], 4, 'regression'],
    ['-5 to 6', ['-5', '0', '6'], 4, 'regression'],
    ['three of a scale, once each', ['1', '3', '5'], 3, 'regression'],
    ['0 and 1, once each', ['0', '1'], 2, 'classification'],
    ['0 and 2, once each', ['0', '2'], 2, 'regression'],
    ['-1 and 1, once each', ['-1', '1'], 2, 'regression'],
  ])('%s', (_, values, filled, kind) => {
    expect(kindOf(integers(values, filled))).toBe(kind);
  });

  it('has a smallest and a largest number', () => {
    for (const bound of ['min', 'max'] as const) {
      expect(kindOf(without(integers(['1', '2', '5'], 6), bound))).toBe('regression');
    }
  });
});

describe('codes are not amounts', () => {
  it.each<[string, string]>([
    ['zipCode', 'generation'],
    ['zip_code', 'generation'],
    ['customer_number', 'generation'],
    ['ZIP', 'generation'],
    ['barcodes_sold', 'regression'],
    ['zipper length', 'regression'],
  ])('a column named %s', (name, kind) => {
    expect(kindOf(integers(whole(6, 10_115), 6, { name }))).toBe(kind);
  });

  it('that repeat one and a half times on average are labels', () => {
    expect(kindOf(integers(whole(2), 3, { name: 'code' }))).toBe('classification');
    expect(kindOf(integers(whole(3), 4, { name: 'code' }))).toBe('generation');
  });

  it('numbers of eight digits with equal width are codes too', () => {
    expect(kindOf(integers(whole(6, 10_000_000), 6))).toBe('generation');
    expect(kindOf(integers(whole(6, 1_000_000), 6))).toBe('regression');
    expect(kindOf(integers(whole(2, 10_000_000), 2))).toBe('regression');
    expect(kindOf(integers(['9999999', ...whole(5, 10_000_000)], 6))).toBe('regression');
  });

  it('an amount of money or a negative number is not a code', () => {
    const name = 'order_no';
    const form = { decimal: '.', decimals: 0, prefix: '$' } as const;
    expect(kindOf(integers(whole(6), 6, { name, form }))).toBe('regression');
    expect(kindOf(integers(['-1001', ...whole(5)], 6, { name }))).toBe('regression');
  });
});

it.each<[Column, string]>([
  [integers(whole(6), 6), 'the answers are whole numbers'],
  [numbers(decimals(6), 6), 'the answers are numbers'],
  [numbers(decimals(6), 6, { form: { ...unit.form, decimals: 1 } }), 'the answers are numbers with "kg"'],
  [integers(['1000'], 50), '50 answers are the same 1 number'],
  [integers(whole(2), 50), '50 answers are the same 2 numbers'],
  [integers(['1', '2', '5'], 6), 'the answers are 3 whole numbers of a scale'],
  [integers(whole(2), 3, { name: 'code' }), 'the numbers are codes that repeat, not amounts'],
  [integers(whole(6), 6, { name: 'code' }), 'the numbers are codes, not amounts'],
  [{ name: 'y', type: 'empty', filled: 0 }, 'there is no example of an answer'],
  [{ name: 'y', type: 'boolean', filled: 4 }, 'the answers are true and false'],
  [{ name: 'y', type: 'text', filled: 9 }, 'the answers are texts that are long or seldom repeat'],
  [{ name: 'y', type: 'date', filled: 9, values: ['a', 'b'] }, '9 answers are the same 2 texts'],
  [{ name: 'y', type: 'text', filled: 9, values: ['a'] }, '9 answers are the same text'],
  [{ name: 'y', type: 'text', filled: 3, values: ['a', 'b', 'c'] }, 'the answers are 3 single words'],
  [
    { name: 'y', type: 'date', filled: 5, values: ['a', 'b', 'c', 'd', 'e'] },
    'the answers are dates that all differ',
  ],
])('gives the reason: %#', (column, reason) => {
  expect(inferAnswerType(column).reason).toBe(reason);
});
