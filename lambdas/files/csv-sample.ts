import { cellText, scanRecord } from '../shared/tables/csv-scan.ts';
import type { CsvDialect, ScannedRecord } from '../shared/tables/csv-scan.ts';
import { PartDecoder } from '../shared/tables/part-decoder.ts';

/** The beginning of a CSV, without its byte order mark. */
export interface Sample {
  readonly bytes: Buffer;
  readonly shape: Buffer;
  /** Whether it is the whole file. */
  readonly whole: boolean;
  readonly encoding: string;
  /** Whether there are spaces between a delimiter and a quote. */
  readonly hasSpacedQuotes: boolean;
}

/** A record of the sample with its features for the detection of the layout. */
export interface SampleRecord {
  readonly cells: readonly string[];
  readonly filled: number;
  /** Line that it begins on, 1-based. */
  readonly line: number;
  /** Line that the next record would begin on. */
  readonly nextLine: number;
  /** Whether all its cells are quoted. */
  readonly quoted: boolean;
  readonly firstCellQuoted: boolean;
}

export interface SampleRecords {
  readonly records: readonly SampleRecord[];
  /** Records where text follows a closing quote. */
  readonly dirty: number;
  /** Share of the sample that is in an unterminated record. */
  readonly swallowed: number;
  readonly hasComments: boolean;
}

/** Enough records for the detection. */
const RECORDS = 200;
export const COMMENT = '#';

/** The first records in one dialect, without empty lines, comments and a `sep=` line. */
export function sampleRecords(dialect: CsvDialect, sample: Sample, hasSepLine: boolean): SampleRecords {
  const { shape, bytes, whole } = sample;
  const unit = bytes.length / Math.max(1, shape.length);
  const decoder = new PartDecoder(sample.encoding);
  const records: SampleRecord[] = [];
  let dirty = 0;
  let swallowed = 0;
  let hasComments = false;
  let line = 1;
  for (let at = 0; at < shape.length && records.length < RECORDS;) {
    const isComment = shape[at] === COMMENT.charCodeAt(0);
    const scanned = scanRecord(shape, at, isComment ? { ...dialect, quoting: 'none' } : dialect, whole);
    if (scanned.found !== 'record') {
      // The rest of the sample is inside an unclosed quote.
      swallowed = (shape.length - at) / shape.length;
      break;
    }
    const { record } = scanned;
    const own = shape.subarray(at, at + record.end);
    const nextLine = line + linesIn(own);
    const between = decoder.slicer(bytes.subarray(at * unit, (at + record.end) * unit));
    const cells = record.cells.map((cell) => cellText(cell, between, dialect));
    const isEmptyLine = record.contentEnd === 0;
    const isSep = hasSepLine && line === 1;
    if (isComment && isCommentLine(cells, records)) hasComments = true;
    else if (!isEmptyLine && !isSep) {
      const filled = cells.filter((cell) => cell.trim() !== '').length;
      const firstCellQuoted = record.cells[0]?.opening !== undefined;
      records.push({ cells, filled, line, nextLine, quoted: isQuoted(record), firstCellQuoted });
      dirty += isDirty(record, own) ? 1 : 0;
    }
    line = nextLine;
    at += record.end;
  }
  return { records, dirty, swallowed, hasComments };
}

/**
 * A line that begins with the comment sign is a comment if it has one cell above the header, or another number of cells
 * than the record before below it. In a table of one column a text may begin with the sign.
 */
function isCommentLine(cells: readonly string[], before: readonly SampleRecord[]): boolean {
  const last = before.at(-1)?.cells.length;
  return last === undefined ? cells.length === 1 : last > 1 && cells.length !== last;
}

const isQuoted = ({ cells }: ScannedRecord): boolean => cells.every((cell) => cell.opening !== undefined);

/** Whether text follows a closing quote, which a dialect that fits rarely leaves. */
const isDirty = ({ cells }: ScannedRecord, shape: Buffer): boolean =>
  cells.some(
    ({ closing, end }) =>
      closing !== undefined && shape.subarray(closing + 1, end).some((unit) => unit !== 32),
  );

function linesIn(shape: Buffer): number {
  let lines = 0;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 10 || (shape[i] === 13 && shape[i + 1] !== 10)) lines += 1;
  }
  return lines;
}
