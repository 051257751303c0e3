import { expect, it } from 'vitest';
import type { Column } from '../../../../contracts/entities/column.ts';
import { readingOf } from './reading.ts';

it.each<[Partial<Column>, string]>([
  [{}, ''],
  [{ form: { decimal: '.', decimals: 2 }, max: 5 }, ''],
  [{ form: { decimal: ',', decimals: 0 }, max: 5 }, ''],
  [
    { form: { decimal: ',', group: '.', suffix: ' €', decimals: 2, fixed: true }, max: 1234.5 },
    ' like 1.234,50 €',
  ],
  [{ form: { decimal: '.', decimals: 0 }, max: 5, missing: ['NA'] }, ', “NA” is blank'],
  [
    { form: { decimal: '.', decimals: 0, plus: true }, max: 5, missing: ['NA', '-'] },
    ' like +5, “NA”, “-” are blank',
  ],
])('says how a column was read', (column, text) => {
  expect(readingOf(column)).toBe(text);
});
