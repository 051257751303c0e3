import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

it('is read back as it was written', () => {
  const cell = fc.string().filter((text) => !/^[=+\-@\t\r]/.test(text));
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 });
  fc.assert(
    fc.property(table, (rows) => {
      expect(parse(csvOf(rows), { record_delimiter: '\r\n', skip_empty_lines: false })).toEqual(rows);
    }),
  );
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('does not let a spreadsheet run %j', (text) => {
  const [[written]] = parse(csvOf([[text]]), { record_delimiter: '\r\n' }) as [[string]];
  expect(written).toBe(`'${text}`);
});

it('writes numbers as numbers, and missing values as empty', () => {
  expect(csvOf([[-5, 0, true, null, undefined]])).toBe('-5,0,true,,\r\n');
});
