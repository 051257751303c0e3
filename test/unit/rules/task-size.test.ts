import { expect, it } from 'vitest';
import type { Column } from '../../../contracts/entities/column.ts';
import { complexityNeeded, sizeOfFiles } from '../../../contracts/rules/task-size.ts';

const column = (column: Partial<Column>): Column => ({ name: 'answer', type: 'text', filled: 0, ...column });
const table = (rows: number, columns: Column[], blank_rows?: number) =>
  ({ file_type: 'csv', rows, columns, ...(blank_rows !== undefined && { blank_rows }) }) as const;

it('needs one point of complexity for every 250 items', () => {
  expect([0, 1, 250, 251, 2500, 2501].map(complexityNeeded)).toEqual([1, 1, 1, 2, 10, 11]);
});

it('counts filled targets as examples, blank ones as items, and rows without any value as neither', () => {
  const files = [table(10, [column({ filled: 4 })], 1), table(5, [column({ name: 'other', filled: 5 })])];
  expect(sizeOfFiles(files, { target: 'answer' })).toEqual({ items: 10, examples: 4 });
});

it('counts other files as items only if there is no table', () => {
  const text = { file_type: 'text' } as const;
  expect(sizeOfFiles([text, text], {})).toEqual({ items: 2, examples: 0 });
  expect(sizeOfFiles([text, table(3, [column({})])], {})).toEqual({ items: 3, examples: 0 });
});

it('applies the chosen missing values to each table, whatever was recognised in the others', () => {
  const recognised = column({ filled: 3, missing: ['NA'], look_missing: [{ text: 'NA', count: 2 }] });
  const answers = column({ filled: 5, look_missing: [{ text: 'NA', count: 1 }], values: ['NA', 'x', 'y'] });
  const files = [table(10, [recognised]), table(10, [answers])];
  expect(sizeOfFiles(files, { target: 'answer', missing: ['NA'] })).toEqual({ items: 13, examples: 7 });
  expect(sizeOfFiles(files, { target: 'answer', missing: [] })).toEqual({ items: 10, examples: 10 });
});
