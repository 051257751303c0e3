import type * as z from 'zod';
import type { FieldValue } from '../../../contracts/entities/common.ts';
import type { ColumnType } from '../../../contracts/entities/file.ts';

export type CellValue = z.infer<typeof FieldValue>;

/** Longest cell in characters; what `FieldValue` allows. */
export const MAX_CELL = 1_000_000;

const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const NUMBER = /^-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const BOOLEAN = /^(?:true|false)$/i;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

type FilledType = Exclude<ColumnType, 'empty'>;
/** More is a document, and no pattern is tried on it. */
const LONGEST_TYPED = 40;

/**
 * What a filled cell's text says it is. A number must come back as the same number: `007` and integers beyond 2⁵³ are
 * identifiers, and stay text.
 */
export function typeOfText(text: string): FilledType {
  if (text.length > LONGEST_TYPED) return 'text';
  const value = text.trim();
  if (INTEGER.test(value)) return Number.isSafeInteger(Number(value)) && value !== '-0' ? 'integer' : 'text';
  if (NUMBER.test(value)) return Number.isFinite(Number(value)) ? 'number' : 'text';
  if (BOOLEAN.test(value)) return 'boolean';
  return DATE.test(value) && !Number.isNaN(Date.parse(value)) ? 'date' : 'text';
}

/** The narrowest type that holds both. */
export function widened(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b || b === 'empty') return a;
  if (a === 'empty') return b;
  const numeric = (type: ColumnType) => type === 'integer' || type === 'number';
  return numeric(a) && numeric(b) ? 'number' : 'text';
}

export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '');

/** The text of a CSV cell as a value of its column: blank → null, numbers and booleans as such, all else unchanged. */
export function valueOfText(text: string, type: ColumnType): CellValue {
  if (isBlank(text)) return null;
  if (type === 'integer' || type === 'number') return Number(text);
  if (type === 'boolean') return text.trim().toLowerCase() === 'true';
  return text;
}
