/** Delimiter and quoting of a CSV. */
export interface CsvDialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /**
   * How a quote inside a quoted cell is escaped: `doubled` (RFC 4180) or with a `backslash`. `none`: cells are never
   * quoted, and a quote is an ordinary character.
   */
  readonly quoting: 'doubled' | 'backslash' | 'none';
  /** Whether spaces may stand between a delimiter and an opening quote. */
  readonly spaceBeforeQuote: boolean;
}

/** Position of one cell in its record, in code units. */
export interface Cell {
  readonly start: number;
  readonly end: number;
  /** Positions of the two quotes of a quoted cell. */
  readonly opening?: number;
  readonly closing?: number;
}

export interface ScannedRecord {
  readonly cells: Cell[];
  /** Position of the line end. */
  readonly contentEnd: number;
  /** Position of the next record. */
  readonly end: number;
}

export type Scanned =
  | { readonly found: 'record'; readonly record: ScannedRecord }
  /** The record continues beyond the bytes read so far. */
  | { readonly found: 'incomplete' }
  | { readonly found: 'quote_not_closed' };

const LF = 10;
const CR = 13;
const SPACE = 32;
export const QUOTE = 34;
const BACKSLASH = 92;

const INCOMPLETE: Scanned = { found: 'incomplete' };
const NOT_CLOSED: Scanned = { found: 'quote_not_closed' };

/**
 * Scans one CSV record from the shape, starting at `from`. Lenient like spreadsheets: a quote in the middle of a cell is
 * an ordinary character, and text after a closing quote belongs to the cell. Lines end with LF, CRLF or CR, also mixed.
 * @param ended whether the shape reaches the end of the file
 */
export function scanRecord(shape: Buffer, from: number, dialect: CsvDialect, ended: boolean): Scanned {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const cells: Cell[] = [];
  for (let start = from; ;) {
    const quotes = scanQuotes(shape, start, dialect, ended);
    if (quotes === undefined) return ended ? NOT_CLOSED : INCOMPLETE;
    let at = quotes === null ? start : quotes.closing + 1;
    while (at < shape.length) {
      const unit = shape[at];
      if (unit === delimiter || unit === LF || unit === CR) break;
      at += 1;
    }
    if (at === shape.length && !ended) return INCOMPLETE;
    cells.push({
      start: start - from,
      end: at - from,
      ...(quotes && { opening: quotes.opening - from, closing: quotes.closing - from }),
    });
    if (shape[at] === delimiter && at < shape.length) {
      start = at + 1;
      continue;
    }
    // The LF of a CRLF may be in the next piece.
    if (shape[at] === CR && at + 1 === shape.length && !ended) return INCOMPLETE;
    const lineEnd = at === shape.length ? 0 : shape[at] === CR && shape[at + 1] === LF ? 2 : 1;
    return { found: 'record', record: { cells, contentEnd: at - from, end: at + lineEnd - from } };
  }
}

/** The quotes of the cell that starts at `start`; null if it is not quoted, undefined if the closing quote is not found. */
function scanQuotes(
  shape: Buffer,
  start: number,
  { quoting, spaceBeforeQuote }: CsvDialect,
  ended: boolean,
): { opening: number; closing: number } | null | undefined {
  if (quoting === 'none') return null;
  let opening = start;
  if (spaceBeforeQuote) while (shape[opening] === SPACE) opening += 1;
  if (opening === shape.length && !ended) return undefined;
  if (shape[opening] !== QUOTE) return null;
  for (let from = opening + 1; ;) {
    const quote = shape.indexOf(QUOTE, from);
    if (quote < 0) return undefined;
    if (quoting === 'backslash' && isEscaped(shape, opening, quote)) {
      from = quote + 1;
      continue;
    }
    if (quote + 1 === shape.length && !ended) return undefined;
    if (shape[quote + 1] !== QUOTE) return { opening, closing: quote };
    from = quote + 2;
  }
}

/** Whether an odd number of backslashes precedes `quote`. */
function isEscaped(shape: Buffer, opening: number, quote: number): boolean {
  let at = quote - 1;
  while (at > opening && shape[at] === BACKSLASH) at -= 1;
  return (quote - 1 - at) % 2 === 1;
}

/** The text of a cell, with its quotes removed and escapes resolved. */
export function cellText(
  cell: Cell,
  textBetween: (start: number, end: number) => string,
  { quoting }: Pick<CsvDialect, 'quoting'>,
): string {
  if (cell.opening === undefined || cell.closing === undefined) return textBetween(cell.start, cell.end);
  const inner = textBetween(cell.opening + 1, cell.closing);
  const tail = cell.closing + 1 === cell.end ? '' : textBetween(cell.closing + 1, cell.end);
  const plain =
    quoting === 'backslash'
      ? inner.replace(/\\(["\\])|""/g, (_, escaped?: string) => escaped ?? '"')
      : inner.replaceAll('""', '"');
  return plain + tail;
}
