import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { markLength } from '../../../contracts/values/byte-order-marks.ts';
import { MAX_CELL } from './cells.ts';
import { cellText, scanRecord } from './csv-scan.ts';
import type { CsvDialect, ScannedRecord } from './csv-scan.ts';
import { Window } from './source.ts';
import type { ByteChunks } from './source.ts';
import { PartDecoder } from './part-decoder.ts';
import { Unreadable } from './unreadable.ts';

/** Maximum length of a row in code units of the encoding; also bounds a quote that is never closed. */
const MAX_ROW = 8_000_000;
export const MAX_COLUMNS = 500;

/** Of a CSV, or of a file with a copy that is one. */
export type CsvMetadata = MetadataOf<'csv' | 'xlsx' | 'zip'>;
/** The metadata needed to read a CSV. */
export type CsvForm = Pick<CsvMetadata, 'encoding' | 'delimiter' | 'layout'>;

/**
 * A part of a CSV; the concatenated parts are the file. `other` is everything that is not a record: byte order mark,
 * lines above the header, empty lines, comments.
 */
export type CsvPart = { readonly kind: 'other'; readonly bytes: Buffer } | RecordPart;
export interface RecordPart {
  readonly kind: 'header' | 'row';
  readonly bytes: Buffer;
  readonly record: ScannedRecord;
}

export const dialectOf = ({ delimiter, layout }: CsvForm): CsvDialect => ({
  delimiter,
  quoting: layout?.quoting ?? 'doubled',
  spaceBeforeQuote: layout?.space_before_quote ?? false,
});

/** Splits a CSV into its parts. @throws Unreadable */
export async function* csvParts(source: ByteChunks, form: CsvForm): AsyncGenerator<CsvPart, void, undefined> {
  const window = new Window(source, form.encoding);
  try {
    yield* partsOf(window, form);
  } finally {
    await window.close();
  }
}

async function* partsOf(window: Window, form: CsvForm): AsyncGenerator<CsvPart, void, undefined> {
  const take = (units: number): Buffer => {
    const bytes = window.bytes.subarray(0, units * window.unit);
    window.pass(units);
    return bytes;
  };
  await window.grow();
  const mark = markLength(window.bytes, form.encoding) / window.unit;
  // The byte order mark is one code unit in UTF-16 and three in UTF-8.
  if (mark > 0) yield { kind: 'other', bytes: take(mark) };
  for (let line = 1; line < (form.layout?.header_line ?? 1); line++) {
    yield { kind: 'other', bytes: take(await lineLength(window)) };
  }
  const dialect = dialectOf(form);
  const comment = form.layout?.comment?.charCodeAt(0);
  let columns: number | undefined;
  for (let row = 0; ;) {
    if (window.shape.length === 0) {
      if (window.ended) return;
      await window.grow();
      continue;
    }
    if (window.shape[0] === comment) {
      const length = await lineLength(window);
      if (columns === undefined || isComment(window.shape.subarray(0, length), dialect, columns)) {
        yield { kind: 'other', bytes: take(length) };
        continue;
      }
    }
    const record = await nextRecord(window, dialect, row);
    const bytes = take(record.end);
    const isEmptyLine = record.cells.length === 1 && record.contentEnd === 0;
    if (isEmptyLine) yield { kind: 'other', bytes };
    else if (columns === undefined) {
      columns = record.cells.length + (form.layout?.row_names ? 1 : 0);
      yield { kind: 'header', bytes, record };
    } else {
      row += 1;
      yield { kind: 'row', bytes, record };
    }
  }
}

/** Whether a line that starts with the comment character is a comment: not if it has as many cells as the table. */
function isComment(line: Buffer, { delimiter }: CsvDialect, columns: number): boolean {
  const unit = delimiter.charCodeAt(0);
  let cells = 1;
  for (const found of line) if (found === unit) cells += 1;
  return columns > 1 && cells !== columns;
}

async function lineLength(window: Window): Promise<number> {
  for (;;) {
    const lf = window.shape.indexOf(10);
    const cr = window.shape.indexOf(13);
    if (cr >= 0 && (lf < 0 || cr < lf)) {
      const next = window.shape[cr + 1];
      if (next !== undefined || window.ended) return next === 10 ? cr + 2 : cr + 1;
    } else if (lf >= 0) return lf + 1;
    if (window.ended) return window.shape.length;
    await growFor(window, 0);
  }
}

async function nextRecord(window: Window, dialect: CsvDialect, rowsBefore: number): Promise<ScannedRecord> {
  for (;;) {
    const scanned = scanRecord(window.shape, 0, dialect, window.ended);
    if (scanned.found === 'record') {
      if (scanned.record.contentEnd > MAX_ROW) throw tooLong(rowsBefore);
      return scanned.record;
    }
    if (scanned.found === 'quote_not_closed') {
      throw new Unreadable(`${rowName(rowsBefore)} cannot be read: a quote is opened and never closed.`);
    }
    await growFor(window, rowsBefore);
  }
}

async function growFor(window: Window, rowsBefore: number): Promise<void> {
  if (window.shape.length > MAX_ROW) throw tooLong(rowsBefore);
  await window.grow();
}

const rowName = (rowsBefore: number): string => `Row ${rowsBefore + 1}`;
const tooLong = (rowsBefore: number): Unreadable =>
  new Unreadable(
    `${rowName(rowsBefore)} cannot be read: it is longer than 8 million characters, or a quote is never closed.`,
  );

export interface CsvRow {
  /** 1-based; empty lines and comments are not counted. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly record: ScannedRecord;
}

export interface CsvTable {
  readonly header: readonly string[];
  /** A row may have more cells than the header, or fewer. */
  readonly rows: AsyncIterable<CsvRow>;
}

/** Header and rows of a CSV. @throws Unreadable, also while the rows are read */
export async function csvTable(source: ByteChunks, form: CsvForm): Promise<CsvTable> {
  const parts = csvParts(source, form);
  const decoder = new PartDecoder(form.encoding);
  const dialect = dialectOf(form);
  for (;;) {
    const part = await parts.next();
    if (part.done) throw new Unreadable('The file is empty.');
    if (part.value.kind !== 'header') continue;
    const header = cellsOf(part.value, decoder, dialect);
    return {
      header: form.layout?.row_names ? ['', ...header] : header,
      rows: rowsOf(parts, decoder, dialect),
    };
  }
}

async function* rowsOf(
  parts: AsyncIterable<CsvPart>,
  decoder: PartDecoder,
  dialect: CsvDialect,
): AsyncGenerator<CsvRow, void, undefined> {
  let number = 0;
  for await (const part of parts) {
    if (part.kind !== 'row') continue;
    number += 1;
    if (part.record.cells.length > MAX_COLUMNS) {
      throw new Unreadable(
        `Row ${number} has ${part.record.cells.length} cells; at most ${MAX_COLUMNS} can be used.`,
      );
    }
    const cells = cellsOf(part, decoder, dialect);
    if (cells.some((cell) => cell.length > MAX_CELL))
      throw new Unreadable(`Row ${number} has a cell of more than 1,000,000 characters.`);
    yield { number, cells, record: part.record };
  }
}

/** The texts of the cells of a record, unquoted. */
export function cellsOf({ bytes, record }: RecordPart, decoder: PartDecoder, dialect: CsvDialect): string[] {
  const textBetween = decoder.slicer(bytes);
  return record.cells.map((cell) => cellText(cell, textBetween, dialect));
}
