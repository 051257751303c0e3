import { csvParts, dialectOf } from './csv-records.ts';
import type { CsvMetadata } from './csv-records.ts';
import type { CsvDialect, ScannedRecord } from './csv-scan.ts';
import { Encoder } from './encode.ts';
import { unitOf } from './source.ts';
import type { ByteChunks } from './source.ts';

/** Returns the new text for the cell of a row, or undefined to leave the cell unchanged. */
export type NewCell = (row: number) => string | undefined;

/** A column added at the end. */
export interface AddedColumn {
  readonly name: string;
  readonly cell: (row: number) => string;
}

/** The encoding of the file cannot represent a character of an answer. */
export class NotEncodable extends Error {
  override readonly name = 'NotEncodable';
}

export interface CsvChanges {
  /** Index of the column whose cells are replaced. */
  readonly position: number;
  readonly newCell: NewCell;
  readonly added?: readonly AddedColumn[];
}

/**
 * Replaces cells of one column of a CSV and appends columns. Every other byte is unchanged: encoding, byte order mark,
 * delimiters, quotes, line ends, empty lines, comments, lines above the header.
 * @throws NotEncodable, Unreadable
 */
export async function* filledCsv(
  metadata: CsvMetadata,
  source: ByteChunks,
  { position, newCell, added = [] }: CsvChanges,
): AsyncGenerator<Buffer, void, undefined> {
  const dialect = dialectOf(metadata);
  const writer = new CellWriter(metadata, dialect);
  const width = metadata.columns.length;
  let row = 0;
  for await (const part of csvParts(source, metadata)) {
    if (part.kind === 'other') {
      yield part.bytes;
      continue;
    }
    const edits: Edit[] = [];
    const end = part.record.contentEnd;
    const isHeader = part.kind === 'header';
    if (!isHeader) {
      row += 1;
      const replaced = newCell(row);
      if (replaced !== undefined) edits.push(writer.replace(part.record, position, replaced));
    }
    if (added.length > 0) {
      const present = part.record.cells.length + (isHeader && metadata.layout?.row_names ? 1 : 0);
      const filledTo = edits.length > 0 ? Math.max(present, position + 1) : present;
      const cells = added.map(({ name, cell }) => (isHeader ? name : cell(row)));
      edits.push({ start: end, end, bytes: writer.append(width - filledTo, cells) });
    }
    yield splice(part.bytes, edits, unitOf(metadata.encoding));
  }
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** Applies edits to bytes. @param edits sorted by position, in code units */
function splice(bytes: Buffer, edits: readonly Edit[], unit: number): Buffer {
  if (edits.length === 0) return bytes;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const edit of edits) {
    pieces.push(bytes.subarray(at, edit.start * unit), edit.bytes);
    at = edit.end * unit;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]);
}

class CellWriter {
  readonly #encoder: Encoder;
  readonly #dialect: CsvDialect;
  readonly #quotedColumns: ReadonlySet<number>;
  readonly #comment: string | undefined;

  constructor({ encoding, layout }: CsvMetadata, dialect: CsvDialect) {
    this.#encoder = new Encoder(encoding);
    this.#dialect = dialect;
    this.#quotedColumns = new Set(layout?.quoted_columns);
    this.#comment = layout?.comment;
  }

  /** Replaces a cell. If the row is too short, appends the cell with the missing delimiters. */
  replace({ cells, contentEnd }: ScannedRecord, column: number, text: string): Edit {
    const cell = cells[column];
    const quoted = cell?.opening !== undefined || this.#quotedColumns.has(column);
    const written = this.#written(text, quoted, column === 0);
    if (cell) return { start: cell.start, end: cell.end, bytes: this.#encoded(written) };
    const missing = this.#dialect.delimiter.repeat(column - cells.length + 1);
    return { start: contentEnd, end: contentEnd, bytes: this.#encoded(missing + written) };
  }

  /** Appends cells to a row. @param missing number of the table's columns that the row lacks */
  append(missing: number, cells: readonly string[]): Buffer {
    const { delimiter } = this.#dialect;
    const written = cells.map((text) => delimiter + this.#written(text, false, false));
    return this.#encoded(delimiter.repeat(Math.max(0, missing)) + written.join(''));
  }

  #written(text: string, quoted: boolean, first: boolean): string {
    const { delimiter, quoting } = this.#dialect;
    // Without quoting, a cell cannot contain a line end or a delimiter.
    if (quoting === 'none') return text.replace(/[\r\n]+/g, ' ').replaceAll(delimiter, ' ');
    const needed =
      text.includes(delimiter) ||
      /["\r\n]/.test(text) ||
      (quoting === 'backslash' && text.includes('\\')) ||
      (first && this.#comment !== undefined && text.startsWith(this.#comment));
    if (!quoted && !needed) return text;
    return `"${quoting === 'backslash' ? text.replace(/["\\]/g, '\\$&') : text.replaceAll('"', '""')}"`;
  }

  #encoded(text: string): Buffer {
    const bytes = this.#encoder.encode(text);
    if (!bytes) throw new NotEncodable(text);
    return bytes;
  }
}
