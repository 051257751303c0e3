import type { TableMetadata } from '../../../contracts/entities/file-metadata.ts';
import type { Column } from '../../../contracts/entities/column.ts';
import type { Cell } from '../../../contracts/values/column-profile.ts';
import { isBlank } from '../../../contracts/values/blank.ts';
import { valueOfCell } from './cells.ts';
import type { CellValue } from './cells.ts';
import { csvTable } from './csv-records.ts';
import { jsonRows } from './json-rows.ts';
import type { ByteChunks } from './source.ts';

export type Fields = Record<string, CellValue>;

function fieldsOf(columns: readonly Column[], cellOf: (column: Column, i: number) => Cell): Fields | null {
  const cells = columns.map(cellOf);
  if (cells.every(isBlank)) return null;
  return Object.fromEntries(columns.map((column, i) => [column.name, valueOfCell(cells[i], column)]));
}

/**
 * Yields the rows of an inspected file in order. Each row has every column of the metadata: blank or missing → null,
 * integer and number columns as numbers, boolean columns as booleans, all else as text. A row without any value is null.
 * Streams: one row in memory at a time.
 * @throws Unreadable if the bytes do not match the metadata
 */
export async function* readRows(
  metadata: TableMetadata,
  bytes: ByteChunks,
): AsyncGenerator<Fields | null, void, undefined> {
  if (metadata.file_type === 'json') {
    for await (const { cells } of jsonRows(bytes, metadata)) {
      yield fieldsOf(metadata.columns, ({ name }) => cells.get(name));
    }
    return;
  }
  const { rows } = await csvTable(bytes, metadata);
  for await (const { cells } of rows) {
    yield fieldsOf(metadata.columns, (_, i) => cells[i]);
  }
}
