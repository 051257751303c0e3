export type Cell = string | number | boolean | null | undefined;

const NEEDS_QUOTES = /["\r\n,;]|^\s|\s$/;
/** Spreadsheets run a text that begins like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellText(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  const safe = typeof cell === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, with texts that a spreadsheet would run as a formula made harmless. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

/** Saves a text as a file of the reader's. */
export function saveAs(filename: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: filename });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser may not have begun to read it before
}

/** With a byte order mark: spreadsheets then read it as UTF-8. */
export const saveCsv = (filename: string, rows: readonly (readonly Cell[])[]): void =>
  saveAs(filename, 'text/csv;charset=utf-8', `\ufeff${csvOf(rows)}`);
