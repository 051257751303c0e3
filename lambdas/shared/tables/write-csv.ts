import { stringify } from 'csv-stringify/sync';
import type { CellValue } from './cells.ts';

export interface CsvForm {
  readonly delimiter?: string;
  /**
   * Prefixes cells that a spreadsheet would run as a formula with an apostrophe (OWASP, "CSV injection"). Set it if one
   * person's text is opened by another; leave it off if cells must round-trip unchanged.
   */
  readonly guardFormulas?: boolean;
}

/** Writes rows as CSV (RFC 4180, lines end with \n), quoting only if needed; null and undefined are empty cells. */
export const writeCsv = (
  rows: readonly (readonly (CellValue | undefined)[])[],
  { delimiter = ',', guardFormulas = false }: CsvForm = {},
): string =>
  stringify(rows as CellValue[][], {
    delimiter,
    escape_formulas: guardFormulas,
    // An empty line is not a row, so the empty cell of a one-column table must be quoted.
    quoted_empty: rows[0]?.length === 1,
    cast: { boolean: String },
  });
