import { Readable } from 'node:stream';
import type { EncodingGuess } from '../../contracts/entities/file-metadata.ts';
import { ColumnProfile } from '../../contracts/values/column-profile.ts';
import { isNumberText } from '../../contracts/values/number-readings.ts';
import { isBlank } from '../../contracts/values/blank.ts';
import { markLength } from '../../contracts/values/byte-order-marks.ts';
import { assertColumnNames } from '../shared/tables/column-names.ts';
import { csvTable } from '../shared/tables/csv-records.ts';
import { decodedText } from '../shared/tables/decode.ts';
import { detectJsonLayout } from '../shared/tables/json-parts.ts';
import { jsonRows } from '../shared/tables/json-rows.ts';
import { shapeOf } from '../shared/tables/source.ts';
import type { ByteChunks } from '../shared/tables/source.ts';
import { PartDecoder } from '../shared/tables/part-decoder.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { storedColumns } from './columns.ts';
import { CsvColumns } from './csv-columns.ts';
import { detectLayout } from './csv-layout.ts';
import type { FoundLayout } from './csv-layout.ts';
import { assertRows } from './json-orientation.ts';
import { RowSizes } from './row-size.ts';

/** Input of the measurement, which holds one row and the profiles of the columns in memory. */
export interface Known {
  readonly encoding: string;
  readonly guess?: EncodingGuess | undefined;
  readonly sha256: string;
  /** The beginning of the file. */
  readonly head: Buffer;
  readonly size: number;
  /** @throws Unreadable once the file has taken too long */
  readonly checkTime: () => void;
}

/** Rows or pieces between two checks of the time. */
const ROWS_BETWEEN_CHECKS = 4096;

async function* watched<T>(rows: AsyncIterable<T>, { checkTime }: Known): AsyncGenerator<T> {
  let count = 0;
  for await (const row of rows) {
    if (count++ % ROWS_BETWEEN_CHECKS === 0) checkTime();
    yield row;
  }
}

const WRITTEN: FoundLayout = {
  delimiter: ',',
  header_line: 1,
  quoting: 'doubled',
  space_before_quote: false,
  row_names: false,
};

/** Measures a CSV that this module's callers wrote: nothing of it has to be guessed. @throws Unreadable */
export async function measureWrittenCsv(bytes: Buffer, checkTime: () => void) {
  const utf8Source = { encoding: 'utf-8', sha256: '', head: bytes, size: bytes.length, checkTime };
  return { encoding: utf8Source.encoding, ...(await measureCsv(slicesOf(bytes), utf8Source, WRITTEN)) };
}

const SLICE_BYTES = 64 * 1024;
/** Bytes in memory as a stream has them. */
export const slicesOf = (bytes: Buffer): Readable => Readable.from(eachSlice(bytes));
function* eachSlice(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

/** @throws Unreadable */
export async function measureCsv(
  bytes: ByteChunks,
  known: Known,
  detected: FoundLayout = detectLayout(known.head, known.encoding, known.head.length === known.size),
) {
  const { delimiter, ...found } = detected;
  const layout = { ...found, quoted_columns: [], short_rows: 0, long_rows: 0 };
  const table = await csvTable(bytes, { encoding: known.encoding, delimiter, layout });
  assertHeader(table.header);
  const columns = new CsvColumns(table.header, delimiter);
  const sizes = new RowSizes();
  for await (const row of watched(table.rows, known)) {
    columns.add(row);
    sizes.add(row.number, row.cells);
  }
  if (columns.rows === 0) throw new Unreadable('The file has a header row, and no rows below it.');
  return {
    ...columns.found(),
    row_bytes: sizes.found(),
    delimiter,
    layout: { ...layout, ...columns.layout() },
  };
}

/** Rejects a table without a header: its first row would be lost, and its columns would have wrong names. */
function assertHeader(names: readonly string[]): void {
  const named = names.filter((name) => !isBlank(name));
  if (named.length > 0 && named.every(isNumberText)) {
    throw new Unreadable('The first row must name the columns; here it holds numbers only.');
  }
}

/** @throws Unreadable */
export async function measureJson(bytes: ByteChunks, known: Known) {
  const layout = jsonLayout(known);
  const profiles = new Map<string, ColumnProfile>();
  const sizes = new RowSizes();
  let rows = 0;
  let blankRows = 0;
  for await (const row of watched(jsonRows(bytes, { encoding: known.encoding, layout }), known)) {
    rows += 1;
    if (layout.rows_in === 'object') assertRows(new PartDecoder(known.encoding).decode(row.part.bytes));
    sizes.add(rows, row.cells.values());
    if ([...row.cells.values()].every(isBlank)) blankRows += 1;
    const before = profiles.size;
    for (const [name, value] of row.cells) {
      const profile = profiles.get(name) ?? new ColumnProfile(name);
      profiles.set(name, profile);
      profile.add(value, rows);
    }
    if (profiles.size > before) assertColumnNames([...profiles.keys()]);
  }
  if (rows === 0) throw new Unreadable('The list has no rows.');
  if (profiles.size === 0) throw new Unreadable('The rows have no fields.');
  return {
    rows,
    row_bytes: sizes.found(),
    blank_rows: blankRows,
    columns: storedColumns(profiles.values()),
    layout,
  };
}

function jsonLayout({ head, encoding, size }: Known) {
  const { bytes, shape } = shapeOf(head.subarray(markLength(head, encoding)), encoding);
  return detectJsonLayout(shape, new PartDecoder(encoding).slicer(bytes), head.length === size);
}

/** @throws Unreadable */
export async function measureText(bytes: ByteChunks, known: Known) {
  let characters = 0;
  let breaks = 0;
  let last = '';
  let blank = true;
  for await (const piece of watched(decodedText(bytes, known.encoding), known)) {
    for (const char of piece) {
      characters += 1;
      if (char === '\n') breaks += 1;
    }
    blank &&= piece.trim() === '';
    last = piece.at(-1) ?? last;
  }
  if (blank) throw new Unreadable('The file is empty.');
  return { characters, lines: last === '\n' ? breaks : breaks + 1 };
}
