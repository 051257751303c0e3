import { csvParts, dialectOf } from './csv-records.ts';
import type { CsvMetadata } from './csv-records.ts';
import type { CsvDialect, ScannedRecord } from './csv-scan.ts';
import { Encoder } from './encode.ts';
import { unitOf } from './source.ts';
import type { ByteChunks } from './source.ts';

/** The new text of the cell of a row, or undefined where the cell stays as it is. */
export type NewCell = (row: number) => string | undefined;

/** A column that is added at the end: its name and its cell of each row. */
export interface AddedColumn {
  readonly name: string;
  readonly cell: (row: number) => string;
}

/** A character of an answer has no place in the encoding of the file. */
export class NotEncodable extends Error {
  override readonly name = 'NotEncodable';
}

export interface CsvChanges {
  /** Position of the column whose cells are replaced. */
  readonly position: number;
  readonly newCell: NewCell;
  readonly added?: readonly AddedColumn[];
}

/**
 * A CSV with cells of one column replaced, byte by byte as it was everywhere else: encoding, byte order mark, delimiters,
 * quotes, line ends, empty lines, comments, the lines above the header.
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
    const names = part.kind === 'header';
    if (!names) {
      row += 1;
      const replaced = newCell(row);
      if (replaced !== undefined) edits.push(writer.replace(part.record, position, replaced));
    }
    if (added.length > 0) {
      const present = part.record.cells.length + (names && metadata.layout?.row_names ? 1 : 0);
      const filledTo = edits.length > 0 ? Math.max(present, position + 1) : present;
      const cells = added.map(({ name, cell }) => (names ? name : cell(row)));
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

/** @param edits in their order, positions in units */
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

  /** A cell that its row leaves out is added behind the last one, with the delimiters in between. */
  replace({ cells, contentEnd }: ScannedRecord, column: number, text: string): Edit {
    const cell = cells[column];
    const quoted = cell?.opening !== undefined || this.#quotedColumns.has(column);
    const written = this.#written(text, quoted, column === 0);
    if (cell) return { start: cell.start, end: cell.end, bytes: this.#encoded(written) };
    const missing = this.#dialect.delimiter.repeat(column - cells.length + 1);
    return { start: contentEnd, end: contentEnd, bytes: this.#encoded(missing + written) };
  }

  /** Cells behind the last one. @param missing how many columns of the table the row leaves out */
  append(missing: number, cells: readonly string[]): Buffer {
    const { delimiter } = this.#dialect;
    const written = cells.map((text) => delimiter + this.#written(text, false, false));
    return this.#encoded(delimiter.repeat(Math.max(0, missing)) + written.join(''));
  }

  #written(text: string, quoted: boolean, first: boolean): string {
    const { delimiter, quoting } = this.#dialect;
    // Without quotes there is no way to write a line end or a delimiter inside a cell.
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
