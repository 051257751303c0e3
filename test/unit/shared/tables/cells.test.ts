import { describe, expect, test } from 'vitest';
import type { Column } from '../../../../contracts/entities/column.ts';
import { ColumnProfile } from '../../../../contracts/values/column-profile.ts';
import type { Cell } from '../../../../contracts/values/column-profile.ts';
import { valueOfCell } from '../../../../lambdas/shared/tables/cells.ts';

function columnOf(cells: readonly Cell[]): Column {
  const profile = new ColumnProfile('c');
  cells.forEach((cell, i) => profile.add(cell, i + 1));
  return profile.toColumn();
}

describe('cells as values of their column', () => {
  test.each<[string, Cell[], unknown[]]>([
    ['numbers', ['1', ' 2.5 ', ''], [1, 2.5, null]],
    ['numbers of JSON', [1, null, 2.5], [1, null, 2.5]],
    ['numbers in local form', ['1.234,56 €', 'NA', '2,00 €'], [1234.56, null, 2]],
    ['numbers as texts of JSON', ['12', 3], [12, 3]],
    ['true and false', ['TRUE', 'false', ''], [true, false, null]],
    ['true and false of JSON', [true, 'false'], [true, false]],
    ['codes', ['007', '12', '-'], ['007', '12', null]],
    ['codes among which NA is one', ['DE', 'NA', 'FR', 'IT'], ['DE', 'NA', 'FR', 'IT']],
    ['texts as they stand', [' a b ', '\u200b'], [' a b ', null]],
    ['texts and numbers mixed', ['a', 1, true], ['a', '1', 'true']],
    ['days', ['2024-02-29', '?'], ['2024-02-29', null]],
    ['identifiers beyond 2⁵³', ['9007199254740993', '1'], ['9007199254740993', '1']],
  ])('%s', (_what, cells, values) => {
    const column = columnOf(cells);
    expect(cells.map((cell) => valueOfCell(cell, column))).toEqual(values);
  });

  test('of a file that was inspected before number forms were stored', () => {
    expect(valueOfCell(' 1.5', { name: 'x', type: 'number', filled: 1 })).toBe(1.5);
  });

  test('are rejected if the file changed after its inspection', () => {
    const column = columnOf(['1', '2']);
    expect(() => valueOfCell('three', column)).toThrow('"three"');
    expect(() => valueOfCell('three', { name: 'x', type: 'number', filled: 1 })).toThrow('"three"');
  });
});
