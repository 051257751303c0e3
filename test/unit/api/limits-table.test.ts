import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DESCRIPTION } from '../../../contracts/api/document/guide.ts';
import { limitInWords, limitsTable } from '../../../contracts/api/document/limits-table.ts';

/** Prettier pads the cells of tables. */
const cellsOf = (markdown: string): string[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
    .map((line) => line.replace(/\s*\|\s*/g, '|'));

test('docs/api.md and the reference list every limit of the contract with its value', () => {
  const docs = readFileSync('docs/api.md', 'utf8');
  expect(cellsOf(docs.slice(docs.indexOf('## Limits')))).toEqual(cellsOf(limitsTable()));
  expect(DESCRIPTION).toContain(limitsTable());
});

test.each([
  [{ value: 100 * 1024 * 1024, unit: 'bytes' }, '100 MB'],
  [{ value: 2_500_000, unit: 'bytes' }, '2,500,000 bytes'],
  [{ value: 4000, unit: 'characters' }, '4,000 characters'],
  [{ value: 500, unit: 'count' }, '500'],
  [{ value: 1e100, unit: 'absolute value' }, '±1e100'],
] as const)('describes the bound %o as %s', (limit, words) => {
  expect(limitInWords({ ...limit, what: '' })).toBe(words);
});
