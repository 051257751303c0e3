import type * as z from 'zod';
import type { FieldValue } from '../../../contracts/entities/common.ts';
import type { Column } from '../../../contracts/entities/column.ts';
import { LIMITS, MAX_NUMBER } from '../../../contracts/limits.ts';
import { isMissing } from '../../../contracts/values/blank.ts';
import type { Cell } from '../../../contracts/values/column-profile.ts';
import { parseNumber } from '../../../contracts/values/number-form.ts';
import { spellingOf } from '../../../contracts/values/spelling.ts';
import { Unreadable } from './unreadable.ts';

export type CellValue = z.infer<typeof FieldValue>;

/** Maximum length of a cell in characters. */
export const MAX_CELL = LIMITS.cell.value;

/**
 * Converts a cell to the type of its column: blank or missing → null, numbers and booleans as such, all else as text.
 * @throws Unreadable if the column is numeric and the cell is not a number
 */
export function valueOfCell(cell: Cell, column: Column): CellValue {
  if (cell === null || cell === undefined || isMissing(cell, column)) return null;
  switch (column.type) {
    case 'integer':
    case 'number':
      return numberOfCell(cell, column);
    case 'boolean':
      return typeof cell === 'boolean' ? cell : spellingOf(cell).trim().toLowerCase() === 'true';
    case 'date':
    case 'text':
      return spellingOf(cell);
    case 'empty':
      return cell;
  }
}

function numberOfCell(cell: string | number | boolean, { name, form }: Column): number {
  if (typeof cell === 'number') return cell;
  const text = spellingOf(cell);
  // Files inspected before number formats were detected contain plain numbers.
  const value = form ? parseNumber(text, form) : Number(text);
  if (value !== undefined && Math.abs(value) <= MAX_NUMBER) return value;
  throw new Unreadable(
    `The column "${name}" holds "${text.slice(0, 40)}", which does not match its number format.`,
  );
}
