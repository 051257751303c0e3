import type { FileMetadata } from '../../../contracts/entities/file.ts';
import { valueOfCell } from './cells.ts';
import type { CellValue } from './cells.ts';
import { csvTable } from './csv-records.ts';
import { decodedText } from './decode.ts';
import { jsonRows } from './json-rows.ts';
import type { ByteChunks } from './source.ts';

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
  if (metadata.file_type === 'json') {
    for await (const { cells } of jsonRows(bytes, metadata)) {
      yield Object.fromEntries(
        metadata.columns.map((column) => [column.name, valueOfCell(cells.get(column.name), column)]),
      );
    }
    return;
  }
  const { rows } = await csvTable(bytes, metadata);
  for await (const { cells } of rows) {
    yield Object.fromEntries(
      metadata.columns.map((column, i) => [column.name, valueOfCell(cells[i], column)]),
    );
  }
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
