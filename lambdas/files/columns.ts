import type { Column, ColumnType } from '../../contracts/entities/file.ts';
import { isBlank, typeOfText, widened } from '../shared/tables/cells.ts';
import type { CellValue } from '../shared/tables/cells.ts';

const MOST_VALUES = 200;
const LONGEST_VALUE = 80;
/** Bytes of values a record may hold: an item of the table has room for 400 KB, and should have less. */
const VALUES_BUDGET = 64 * 1024;

/** A cell that is not text says its type itself. */
function typeOf(value: Exclude<CellValue, null>, textual: boolean): Exclude<ColumnType, 'empty'> {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  const type = typeOfText(value);
  return textual || type === 'date' ? type : 'text';
}

/** Watches one column go by. */
export class ColumnProfile {
  readonly name: string;
  readonly #textual: boolean;
  #type: ColumnType = 'empty';
  #filled = 0;
  #values: Set<string> | undefined = new Set();

  /** @param textual whether cells are text whose type must be found out (CSV), or have one (JSON) */
  constructor(name: string, textual: boolean) {
    this.name = name;
    this.#textual = textual;
  }

  add(value: CellValue | undefined): void {
    if (value === null || value === undefined || isBlank(value)) return;
    this.#filled += 1;
    if (this.#type !== 'text') this.#type = widened(this.#type, typeOf(value, this.#textual));
    if (this.#values) this.#remember(String(value).trim());
  }

  #remember(value: string): void {
    if (value.length > LONGEST_VALUE) this.#values = undefined;
    else if (this.#values?.add(value).size === MOST_VALUES + 1) this.#values = undefined;
  }

  toColumn(): Column {
    return {
      name: this.name,
      type: this.#type,
      filled: this.#filled,
      ...(this.#values && { values: [...this.#values].sort() }),
    };
  }
}

const bytesOf = (values: readonly string[]): number =>
  values.reduce((sum, value) => sum + Buffer.byteLength(value) + 3, 0);

/** Columns as they are stored: where all values together are too many, the longest lists are left out first. */
export function storedColumns(profiles: Iterable<ColumnProfile>): Column[] {
  const columns = [...profiles].map((profile) => profile.toColumn());
  const shortestFirst = columns
    .map((column, i) => ({ i, bytes: bytesOf(column.values ?? []) }))
    .sort((a, b) => a.bytes - b.bytes);
  let left = VALUES_BUDGET;
  const dropped = new Set(shortestFirst.filter(({ bytes }) => (left -= bytes) < 0).map(({ i }) => i));
  return columns.map((column, i) => {
    if (!dropped.has(i)) return column;
    const { values: _, ...rest } = column;
    return rest;
  });
}
