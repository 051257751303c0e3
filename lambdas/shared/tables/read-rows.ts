import type { FileMetadata } from '../../../contracts/entities/file.ts';
import { valueOfCell } from './cells.ts';
import type { CellValue } from './cells.ts';
import { csvTable } from './csv-records.ts';
import { decodedText } from './decode.ts';
import type { ByteChunks } from './decode.ts';
import { jsonRows } from './json-rows.ts';

export type TableMetadata = Extract<FileMetadata, { file_type: 'csv' | 'json' }>;
export type Fields = Record<string, CellValue>;

/**
 * The rows of a file that the inspection found ready, in order; row n of the file is the n-th. Each has every column of
 * the metadata: blank or missing → null, integer and number columns as numbers, boolean columns as booleans, all else
 * as its text. Streams: memory holds one row.
 * @throws Unreadable where the bytes are not those that were inspected
 */
export async function* readRows(
  metadata: TableMetadata,
  bytes: ByteChunks,
): AsyncGenerator<Fields, void, undefined> {
  const text = decodedText(bytes, metadata.encoding);
  if (metadata.file_type === 'json') {
    for await (const row of jsonRows(text)) {
      yield Object.fromEntries(
        metadata.columns.map((column) => [column.name, valueOfCell(row.get(column.name), column)]),
      );
    }
    return;
  }
  const { rows } = await csvTable(text, metadata.delimiter);
  for await (const cells of rows) {
    yield Object.fromEntries(
      metadata.columns.map((column, i) => [column.name, valueOfCell(cells[i], column)]),
    );
  }
}

/**
 * The data rows of a CSV as their cells stand in the file, numbered as `readRows` numbers them: for writing the same
 * table back with one column filled.
 * @throws Unreadable
 */
export async function* readCells(
  metadata: Extract<FileMetadata, { file_type: 'csv' }>,
  bytes: ByteChunks,
): AsyncGenerator<string[], void, undefined> {
  const { rows } = await csvTable(decodedText(bytes, metadata.encoding), metadata.delimiter);
  yield* rows;
}

/** The whole of a text file. @throws Unreadable */
export async function readText(
  metadata: Extract<FileMetadata, { file_type: 'text' }>,
  bytes: ByteChunks,
): Promise<string> {
  let text = '';
  for await (const piece of decodedText(bytes, metadata.encoding)) text += piece;
  return text;
}
