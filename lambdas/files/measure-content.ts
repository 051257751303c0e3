import type { FileMetadata, FileType } from '../../contracts/entities/file.ts';
import { ColumnProfile } from '../../contracts/values/column-profile.ts';
import { isNumberText } from '../../contracts/values/number-readings.ts';
import { isBlank } from '../shared/tables/cells.ts';
import { assertColumnNames, csvTable } from '../shared/tables/csv-records.ts';
import { decodedText } from '../shared/tables/decode.ts';
import type { ByteChunks, TextChunks } from '../shared/tables/decode.ts';
import { jsonRows } from '../shared/tables/json-rows.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { storedColumns } from './columns.ts';
import { detectDelimiter } from './delimiter.ts';

/** What the first pass over the bytes has found. */
export interface Known {
  readonly encoding: string;
  readonly sha256: string;
  /** The beginning of the file. */
  readonly head: Buffer;
  /** @throws Unreadable once the file has taken too long */
  readonly checkTime: () => void;
}

/** How many rows or pieces pass between two looks at the clock. */
const ROWS_BETWEEN_CHECKS = 4096;

/**
 * Reads a whole file once and says what is in it; memory holds one row and the profiles of the columns.
 * @throws Unreadable
 */
export async function measureContent(
  fileType: FileType,
  bytes: ByteChunks,
  known: Known,
): Promise<FileMetadata> {
  const text = decodedText(bytes, known.encoding);
  const inspected = { encoding: known.encoding, sha256: known.sha256 };
  switch (fileType) {
    case 'csv':
      return { file_type: 'csv', ...inspected, ...(await measureCsv(text, known)) };
    case 'json':
      return { file_type: 'json', ...inspected, ...(await measureJson(text, known)) };
    case 'text':
      return { file_type: 'text', ...inspected, ...(await measureText(text, known)) };
  }
}

async function* watched<T>(rows: AsyncIterable<T>, { checkTime }: Known): AsyncGenerator<T> {
  let count = 0;
  for await (const row of rows) {
    if (count++ % ROWS_BETWEEN_CHECKS === 0) checkTime();
    yield row;
  }
}

async function measureCsv(text: TextChunks, known: Known) {
  const opening = new TextDecoder(known.encoding).decode(known.head, { stream: true });
  const delimiter = detectDelimiter(opening);
  const table = await csvTable(text, delimiter);
  assertHeader(table.names);
  const profiles = table.names.map((name) => new ColumnProfile(name));
  let rows = 0;
  let blankRows = 0;
  for await (const cells of watched(table.rows, known)) {
    rows += 1;
    if (cells.every(isBlank)) blankRows += 1;
    profiles.forEach((profile, i) => profile.add(cells[i], rows));
  }
  if (rows === 0) throw new Unreadable('The file has a header row, and no rows below it.');
  return { rows, blank_rows: blankRows, columns: storedColumns(profiles, delimiter), delimiter };
}

/** A table whose first row is data would lose that row, and its columns their names. */
function assertHeader(names: readonly string[]): void {
  if (names.every(isNumberText)) {
    throw new Unreadable('The first row must name the columns; here it holds numbers only.');
  }
}

async function measureJson(text: TextChunks, known: Known) {
  const profiles = new Map<string, ColumnProfile>();
  let rows = 0;
  let blankRows = 0;
  for await (const row of watched(jsonRows(text), known)) {
    rows += 1;
    if ([...row.values()].every(isBlank)) blankRows += 1;
    const before = profiles.size;
    for (const [name, value] of row) {
      const profile = profiles.get(name) ?? new ColumnProfile(name);
      profiles.set(name, profile);
      profile.add(value, rows);
    }
    if (profiles.size > before) assertColumnNames([...profiles.keys()]);
  }
  if (rows === 0) throw new Unreadable('The list has no rows.');
  if (profiles.size === 0) throw new Unreadable('The rows have no fields.');
  return { rows, blank_rows: blankRows, columns: storedColumns(profiles.values()) };
}

async function measureText(text: TextChunks, known: Known) {
  let characters = 0;
  let breaks = 0;
  let last = '';
  let blank = true;
  for await (const piece of watched(text, known)) {
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
