import { MAX_NUMBER } from '../../../contracts/limits.ts';
import { comparable } from '../../../contracts/values/comparable.ts';
import { MAX_CELL } from './cells.ts';
import type { CellValue } from './cells.ts';
import { jsonParts } from './json-parts.ts';
import type { JsonForm, JsonPart } from './json-parts.ts';
import type { ByteChunks } from './source.ts';
import { PartDecoder } from './part-decoder.ts';
import { Unreadable } from './unreadable.ts';

/** Name of the one column of a list of scalars. */
export const SCALAR_COLUMN = 'value';

/** Digit runs that may exceed the precision of a double. */
const LONG_NUMBER = /\d{16}/;
/** `NaN` and `Infinity`, as Python writes them. String literals are matched first, so that words inside them are skipped. */
const NOT_A_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** JSON.parse reviver that returns integers beyond 2⁵³ as text: they are identifiers. */
function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' && source && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? source
    : value;
}

const parse = (text: string): unknown =>
  LONG_NUMBER.test(text) ? (JSON.parse(text, keepLongIntegers) as unknown) : (JSON.parse(text) as unknown);

/** Parses a row; `NaN` and `Infinity` become null. @throws Unreadable */
function parseRow(text: string, row: number): unknown {
  try {
    return parse(text);
  } catch (error) {
    const numbers = text.replace(NOT_A_NUMBER, (match) => (match.startsWith('"') ? match : 'null'));
    if (numbers !== text) return parseRow(numbers, row);
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new Unreadable(`Row ${row} is not valid JSON: ${why}.`.slice(0, 400), { cause: error });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const countKeys = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + countKeys(inner), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + 1 + countKeys(inner), 0);
};

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';

/**
 * Converts a value of a row to a cell. An empty list or object is blank. A list of one scalar is that scalar, because
 * labelling tools write labels that way. Any other list or object becomes its JSON text.
 * @throws Unreadable
 */
function cell(value: unknown, row: number): CellValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Math.abs(value) > MAX_NUMBER) throw new Unreadable(`Row ${row} holds a number that is out of range.`);
    return value;
  }
  if (Array.isArray(value) && value.length === 0) return null;
  if (Array.isArray(value) && value.length === 1 && isScalar(value[0])) return cell(value[0], row);
  if (isObject(value) && Object.keys(value).length === 0) return null;
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
  if (text.length > MAX_CELL)
    throw new Unreadable(`Row ${row} has a value of more than 1,000,000 characters.`);
  return text;
}

/** Parses a JSON text as the value of a cell. @throws Unreadable */
export const cellOfJson = (text: string): CellValue => cell(parseRow(text, 0), 0);

/** The column name of a key. */
export const columnOfKey = (key: string): string => comparable(key) || key;

/** A row of a JSON document and the part it was read from. */
export interface JsonRow {
  /** 1-based. */
  readonly number: number;
  readonly cells: ReadonlyMap<string, CellValue>;
  readonly part: Extract<JsonPart, { kind: 'element' }>;
}

/**
 * Yields the rows of a JSON document: a list of objects, a list of scalars (one column `value`), JSON lines, or one
 * object. A row has only the keys it contains.
 * @throws Unreadable if the JSON is invalid, objects and scalars are mixed, or a row has the same key twice
 */
export async function* jsonRows(
  source: ByteChunks,
  form: JsonForm,
): AsyncGenerator<JsonRow, void, undefined> {
  const decoder = new PartDecoder(form.encoding);
  let objects: boolean | undefined;
  let number = 0;
  for await (const part of jsonParts(source, form)) {
    if (part.kind !== 'element') continue;
    number += 1;
    const value = parseRow(decoder.decode(part.bytes), number);
    if (Array.isArray(value))
      throw new Unreadable(`Row ${number} is a list; rows must be objects or single values.`);
    objects ??= isObject(value);
    if (isObject(value) !== objects)
      throw new Unreadable(`Row ${number} is not of the same form as the rows before it.`);
    if (countKeys(value) !== part.pairs) throw new Unreadable(`Row ${number} has the same key twice.`);
    yield { number, cells: cellsOf(value, number), part };
  }
}

/** @throws Unreadable */
function cellsOf(value: unknown, row: number): ReadonlyMap<string, CellValue> {
  if (!isObject(value)) return new Map([[SCALAR_COLUMN, cell(value, row)]]);
  const cells = new Map<string, CellValue>();
  for (const [key, inner] of Object.entries(value)) {
    const name = columnOfKey(key);
    cells.set(cells.has(name) ? key : name, cell(inner, row));
  }
  return cells;
}
