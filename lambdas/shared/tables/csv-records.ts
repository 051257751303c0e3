import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { MAX_CELL } from './cells.ts';
import type { TextChunks } from './decode.ts';
import { Unreadable } from './unreadable.ts';

/** Longest row in characters; a quote that is never closed runs into it. */
const MAX_ROW = 8_000_000;
export const MAX_COLUMNS = 500;
export const MAX_NAME = 200;
/** All names together: a page of a hundred files has to fit into one answer. */
const MAX_NAMES = 24_000;

const WHY: Readonly<Partial<Record<string, string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote; double the quotes inside a quoted cell',
  INVALID_OPENING_QUOTE:
    'a quote stands in the middle of a cell that is not quoted; quote the whole cell and double it',
  CSV_MAX_RECORD_SIZE: 'it is longer than 8 million characters, or a quote is never closed',
};

function explained(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  // Records read before the fault, the header among them.
  const row = Number(error['records']);
  const where = row === 0 ? 'The header row' : `Row ${row}`;
  return new Unreadable(`${where} cannot be read: ${WHY[error.code] ?? error.message}.`, { cause: error });
}

/** Every record of a CSV, the header first; lines with nothing in them are passed over. @throws Unreadable */
export async function* csvRecords(
  text: TextChunks,
  delimiter: string,
): AsyncGenerator<string[], void, undefined> {
  const parser = parse({
    delimiter,
    relax_column_count: true, // counted by csvTable, which names the row
    skip_empty_lines: true,
    max_record_size: MAX_ROW,
  });
  pipeline(Readable.from(text), parser, () => {
    // A fault of either side destroys the parser with it, and the loop below throws it.
  });
  try {
    yield* parser as AsyncIterable<string[]>;
  } catch (error) {
    throw explained(error);
  }
}

/**
 * Names of the columns from the header row. A column without a name, as an index or a trailing delimiter leaves behind,
 * becomes `column_<n>`.
 * @throws Unreadable
 */
export function columnNames(header: readonly string[]): string[] {
  const names = header.map((cell, i) => cell.trim() || `column_${i + 1}`);
  assertColumnNames(names);
  return names;
}

/** @throws Unreadable */
export function assertColumnNames(names: readonly string[]): void {
  if (names.length > MAX_COLUMNS) {
    throw new Unreadable(`There are ${names.length} columns; at most ${MAX_COLUMNS} can be used.`);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (name.length > MAX_NAME) {
      throw new Unreadable(`The column name "${name.slice(0, 40)}…" is longer than ${MAX_NAME} characters.`);
    }
    if (name === '__proto__') throw new Unreadable('A column may not be named "__proto__".');
    if (seen.has(name)) throw new Unreadable(`Two columns are named "${name}".`);
    seen.add(name);
  }
  if (names.reduce((sum, name) => sum + name.length, 0) > MAX_NAMES) {
    throw new Unreadable(`The column names together are longer than ${MAX_NAMES} characters.`);
  }
}

export interface CsvTable {
  readonly names: readonly string[];
  /** Data rows, each with as many cells as there are names. */
  readonly rows: AsyncIterable<string[]>;
}

/** Header and rows of a CSV. @throws Unreadable, also while the rows are read */
export async function csvTable(text: TextChunks, delimiter: string): Promise<CsvTable> {
  const records = csvRecords(text, delimiter);
  const header = await records.next();
  if (header.done) throw new Unreadable('The file is empty.');
  const names = columnNames(header.value);
  return { names, rows: checked(records, names.length) };
}

async function* checked(records: AsyncIterable<string[]>, columns: number) {
  let row = 0;
  for await (const cells of records) {
    row += 1;
    if (cells.length !== columns) {
      throw new Unreadable(
        `Row ${row} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the header has ${columns}.`,
      );
    }
    for (const cell of cells) {
      if (cell.length > MAX_CELL)
        throw new Unreadable(`Row ${row} has a cell of more than 1,000,000 characters.`);
    }
    yield cells;
  }
}
