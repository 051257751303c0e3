import { stringify } from 'csv-stringify/sync';
import type { CellValue } from './cells.ts';

export interface CsvForm {
  readonly delimiter?: string;
  /**
   * Puts an apostrophe before cells that a spreadsheet would run as a formula (OWASP, "CSV injection"). Off where the
   * cells must come back unchanged; on where one person's text is opened by another.
   */
  readonly guardFormulas?: boolean;
}

/** Rows as CSV text (RFC 4180, lines end with \n), quoted only where needed; null and undefined are empty cells. */
export const writeCsv = (
  rows: readonly (readonly (CellValue | undefined)[])[],
  { delimiter = ',', guardFormulas = false }: CsvForm = {},
): string =>
  stringify(rows as CellValue[][], {
    delimiter,
    escape_formulas: guardFormulas,
    // A line with nothing in it is no row: the empty cell of a one-column table must be seen.
    quoted_empty: rows[0]?.length === 1,
    cast: { boolean: String },
  });
