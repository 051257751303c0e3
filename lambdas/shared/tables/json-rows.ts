import { MAX_CELL } from './cells.ts';
import type { CellValue } from './cells.ts';
import type { TextChunks } from './decode.ts';
import { jsonElements } from './json-elements.ts';
import type { JsonElement } from './json-elements.ts';
import { Unreadable } from './unreadable.ts';

/** Name of the one column of a list of scalars. */
export const SCALAR_COLUMN = 'value';

/** Runs of digits that a double may not hold. */
const LONG_NUMBER = /\d{16}/;

/** Integers beyond 2⁵³ stay as they are written: they are identifiers. */
function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? source
    : value;
}

function parsed(element: JsonElement): unknown {
  try {
    return LONG_NUMBER.test(element.text)
      ? (JSON.parse(element.text, exactly) as unknown)
      : (JSON.parse(element.text) as unknown);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new Unreadable(`Row ${element.number} is not valid JSON: ${why}.`.slice(0, 400), { cause: error });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const countKeys = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + countKeys(inner), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + 1 + countKeys(inner), 0);
};

function cell(value: unknown, row: number): CellValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Unreadable(`Row ${row} holds a number that is out of range.`);
    return value;
  }
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
  if (text.length > MAX_CELL)
    throw new Unreadable(`Row ${row} has a value of more than 1,000,000 characters.`);
  return text;
}

/**
 * The rows of a JSON document: a list of objects, a list of scalars (one column `value`), or one object. A nested list
 * or object is a value, kept as its JSON text. Keys that a row leaves out are left out.
 * @throws Unreadable where rows differ in form, a key is written twice, or the JSON is broken
 */
export async function* jsonRows(
  text: TextChunks,
): AsyncGenerator<ReadonlyMap<string, CellValue>, void, undefined> {
  let objects: boolean | undefined;
  for await (const element of jsonElements(text)) {
    const value = parsed(element);
    const row = element.number;
    if (Array.isArray(value))
      throw new Unreadable(`Row ${row} is a list; rows must be objects or single values.`);
    objects ??= isObject(value);
    if (isObject(value) !== objects)
      throw new Unreadable(`Row ${row} is not of the same form as the rows before it.`);
    if (countKeys(value) !== element.pairs) throw new Unreadable(`Row ${row} has the same key twice.`);
    yield isObject(value)
      ? new Map(Object.entries(value).map(([name, inner]) => [name, cell(inner, row)]))
      : new Map([[SCALAR_COLUMN, cell(value, row)]]);
  }
}
