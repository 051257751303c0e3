import type { MetadataOf } from '../../../contracts/entities/file-metadata.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertFormat } from '../media-format.ts';
import { measureWrittenCsv } from '../measure-content.ts';
import type { Upload } from '../upload.ts';
import { withArchive } from './archive.ts';
import { readSheet } from './sheet-rows.ts';
import { readWorkbook } from './workbook.ts';
import type { Sheet } from './workbook.ts';

const LIMITS = { entries: 2_000, bytes: 600 * 1024 * 1024 };
/** Bytes of the sheet as CSV, which is in memory. */
const MAX_CSV = 50 * 1024 * 1024;
const ROWS_AT_A_TIME = 500;

/**
 * Writes a sheet of a workbook as CSV once; planning and rendering of a task read that copy.
 * @throws Unreadable
 */
export async function inspectWorkbook(upload: Upload): Promise<MetadataOf<'xlsx'>> {
  assertFormat(upload, (format) => format === 'zip');
  return withArchive(upload, LIMITS, async (archive) => {
    const workbook = await readWorkbook(archive);
    const sheet = chosenSheet(workbook.sheets, upload.announced.sheet);
    const csv = new CsvText();
    await readSheet(archive, sheet, workbook, (row) => {
      csv.add(row);
      upload.checkTime();
    });
    const bytes = csv.bytes();
    const table = await measureWrittenCsv(bytes, upload.checkTime);
    return {
      file_type: 'xlsx',
      ...table,
      sha256: upload.print.sha256,
      sheet: sheet.name,
      sheets: workbook.sheets.map(({ name }) => name.slice(0, 31)),
      copy: await upload.keep(bytes),
    };
  });
}

function chosenSheet(sheets: readonly Sheet[], wanted: string | undefined): Sheet {
  const found =
    wanted === undefined
      ? (sheets.find(({ hidden }) => !hidden) ?? sheets[0])
      : sheets.find(({ name }) => name.trim().toLowerCase() === wanted.trim().toLowerCase());
  if (found) return found;
  const names = sheets.slice(0, 20).map(({ name }) => `"${name}"`);
  throw new Unreadable(`The workbook has no sheet "${wanted ?? ''}"; there is ${names.join(', ')}.`);
}

/** RFC 4180; an empty line would be no row. csv-stringify would take 11 KB of a bundle that is near its limit. */
const csvLine = (row: readonly string[]): string =>
  `${row.map((cell) => (/[",\r\n]/.test(cell) || row.length === 1 ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;

/** Rows as CSV, all as wide as the first one or wider. */
class CsvText {
  readonly #pieces: Buffer[] = [];
  #rows: (readonly string[])[] = [];
  #width = 0;
  #size = 0;

  add(row: readonly string[]): void {
    this.#width ||= row.length;
    const missing = Math.max(0, this.#width - row.length);
    this.#rows.push([...row, ...Array.from({ length: missing }, () => '')]);
    if (this.#rows.length >= ROWS_AT_A_TIME) this.#flush();
  }
  bytes(): Buffer {
    this.#flush();
    return Buffer.concat(this.#pieces);
  }
  #flush(): void {
    const piece = Buffer.from(this.#rows.map(csvLine).join(''));
    this.#rows = [];
    this.#size += piece.length;
    if (this.#size > MAX_CSV) throw new Unreadable(`The sheet has more than ${MAX_CSV} bytes as CSV.`);
    this.#pieces.push(piece);
  }
}
