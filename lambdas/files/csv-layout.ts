import type { CsvLayout } from '../../contracts/entities/layout.ts';
import { markLength } from '../../contracts/values/byte-order-marks.ts';
import type { CsvDialect } from '../shared/tables/csv-scan.ts';
import { shapeOf } from '../shared/tables/source.ts';
import { headerIndex, hasRowNames, mostFrequent } from './csv-header.ts';
import { COMMENT, sampleRecords } from './csv-sample.ts';
import type { Sample, SampleRecord } from './csv-sample.ts';

/** The part of the layout that is detected from the beginning of a file. */
export type FoundLayout = Pick<
  CsvLayout,
  'header_line' | 'quoting' | 'space_before_quote' | 'comment' | 'row_names'
> & { readonly delimiter: string };

const DELIMITERS = [',', ';', '\t', '|'];
const SPACED_QUOTE = /[,;|\t] +"/;
/** The last record of the sample may be cut off, but a record with more than this share of it is a sign of an unclosed quote. */
const MAX_SWALLOWED_SHARE = 0.3;
const SEP_LINE = /^"?sep=(.)"?(?=\r|\n|$)/i;

/** A candidate dialect with the records that it gives, and a score for how well it fits. */
interface Reading {
  readonly dialect: CsvDialect;
  readonly records: readonly SampleRecord[];
  readonly header: number;
  readonly rowNames: boolean;
  readonly hasComments: boolean;
  readonly score: number;
  /** Whether every quote opens or closes a cell, or is doubled in one. */
  readonly clean: boolean;
}

/**
 * Detects the layout of a CSV from its beginning: tries each delimiter with each way of quoting, and keeps the one whose
 * records are most consistent with each other and with their header. A line `sep=;`, as Excel reads it, sets the delimiter.
 * @param whole whether `head` is the whole file
 */
export function detectLayout(head: Buffer, encoding: string, whole: boolean): FoundLayout {
  const piece = shapeOf(head, encoding);
  const mark = markLength(head, encoding);
  const bytes = piece.bytes.subarray(mark);
  const unit = piece.bytes.length / piece.shape.length;
  const shape = piece.shape.subarray(mark / unit);
  const opening = shape.toString('latin1');
  const sep = SEP_LINE.exec(opening);
  const delimiters = sep?.[1] === undefined ? DELIMITERS : [sep[1]];
  const sample = { bytes, shape, whole, encoding, hasSpacedQuotes: SPACED_QUOTE.test(opening) };
  const best = delimiters
    .flatMap((delimiter) => readings(delimiter, sample, sep !== null))
    .reduce((a, b) => (b.score > a.score ? b : a));
  const header = best.records[best.header];
  const columns = header?.cells.length ?? 1;
  return {
    delimiter:
      columns === 1 && !best.rowNames && sep === null ? unusedDelimiter(opening) : best.dialect.delimiter,
    quoting: best.dialect.quoting,
    space_before_quote: best.dialect.spaceBeforeQuote,
    row_names: best.rowNames,
    header_line: header?.line ?? 1,
    ...(best.hasComments && { comment: COMMENT }),
  };
}

/** Delimiters of formats in which a quote may be an ordinary character. */
const UNQUOTED = new Set(['\t', '|']);

/** Candidates with one delimiter: RFC 4180 and, if it does not fit well, other ways of quoting. */
function readings(delimiter: string, sample: Sample, hasSepLine: boolean): Reading[] {
  const usual = { delimiter, quoting: 'doubled', spaceBeforeQuote: false } as const;
  const first = read(usual, sample, hasSepLine);
  if (first.clean) return [first];
  const alternatives: CsvDialect[] = [
    { ...usual, quoting: 'backslash' },
    { ...usual, spaceBeforeQuote: true },
    { ...usual, quoting: 'backslash', spaceBeforeQuote: true },
    ...(UNQUOTED.has(delimiter) ? [{ ...usual, quoting: 'none' } as const] : []),
  ];
  return [first, ...alternatives.map((dialect) => read(dialect, sample, hasSepLine))];
}

function read(dialect: CsvDialect, sample: Sample, hasSepLine: boolean): Reading {
  const { records, dirty, swallowed, hasComments } = sampleRecords(dialect, sample, hasSepLine);
  const header = headerIndex(records);
  const rows = records.slice(header + 1).filter((record) => record.filled > 0);
  const rowNames = hasRowNames(records[header], rows);
  const columns = (records[header]?.cells.length ?? 1) + (rowNames ? 1 : 0);
  const width = mostFrequent(rows.map(({ cells }) => cells.length));
  const agreement =
    rows.length === 0 ? 0.5 : sum(rows.map((row) => agreementOf(row, columns, width))) / rows.length;
  const score =
    (columns > 1 ? 1 : singleScore(records[header])) +
    agreement -
    2 * (dirty / Math.max(1, records.length)) -
    swallowed -
    (dialect.quoting === 'none' ? 0.1 : 0) -
    (header > 0 ? 0.05 : 0) +
    Math.min(columns, 20) / 1000;
  const clean = dirty === 0 && swallowed < MAX_SWALLOWED_SHARE && !sample.hasSpacedQuotes;
  return { dialect, records, header, rowNames, hasComments, score, clean };
}

/** A single column is likely if its name contains no delimiter. */
const singleScore = (header: SampleRecord | undefined): number =>
  DELIMITERS.some((delimiter) => header?.cells[0]?.includes(delimiter)) ? -0.5 : 0.5;

/**
 * Missing cells at the end of a row count as blank. More cells than in the header indicate another delimiter, unless they
 * are blank or every row has them.
 */
function agreementOf({ cells }: SampleRecord, columns: number, width: number): number {
  if (cells.length === columns) return 1;
  if (columns === 1) return 0.9;
  if (cells.length < columns) return cells.length > 1 ? 0.8 : 0;
  if (cells.slice(columns).every((cell) => cell.trim() === '')) return 0.9;
  return cells.length === width ? 0.7 : 0;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Delimiter for a table of one column: a character that does not occur in it, so that its texts are not split. */
function unusedDelimiter(opening: string): string {
  const bare = opening.replace(/"[^"]*"/g, '');
  return DELIMITERS.find((delimiter) => !bare.includes(delimiter)) ?? ',';
}
