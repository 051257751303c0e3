import { Unreadable } from '../../shared/tables/unreadable.ts';
import { MAX_COLUMNS } from '../../shared/tables/csv-records.ts';
import type { Archive } from './archive.ts';
import type { Sheet, Workbook } from './workbook.ts';
import { readXml } from './xml.ts';

const DAY_MS = 86_400_000;
/** Day 0 of both ways to count; Excel takes 1900 for a leap year, so days from March 1900 on are counted from here. */
const DAY_ZERO = { from1900: Date.UTC(1899, 11, 30), from1904: Date.UTC(1904, 0, 1) };
/** Days that a date may have: up to the year 9999. */
const MAX_DAYS = 2_958_466;
/** Excel computes with 15 digits; more are rounding errors of binary fractions. */
const DIGITS = 15;

/**
 * Visits the rows of a sheet from top to bottom, as texts: dates in ISO 8601, errors (`#N/A`) as blank cells. Rows without
 * cells are not visited.
 * @throws Unreadable
 */
export async function readSheet(
  archive: Archive,
  { path, name }: Sheet,
  workbook: Workbook,
  visit: (row: readonly string[]) => void,
): Promise<void> {
  const entry = archive.find(path);
  if (!entry) throw new Unreadable(`The sheet "${name}" is not in the workbook.`);
  let row: string[] = [];
  let cell = { column: -1, type: 'n', style: -1 };
  let text = '';
  let isReading = false;
  await readXml(await archive.stream(entry), {
    open(element, { r, t = 'n', s = '-1' }) {
      if (element === 'row') row = [];
      if (element === 'c') {
        cell = { column: r === undefined ? cell.column + 1 : columnOf(r), type: t, style: Number(s) };
        text = '';
      }
      if (element === 'row') cell.column = -1;
      isReading = element === 'v' || element === 't';
    },
    text(piece) {
      if (isReading) text += piece;
    },
    close(element) {
      isReading = false;
      if (element === 'c' && text !== '') place(row, cell.column, textOf(cell, text, workbook));
      if (element === 'row' && row.length > 0) visit(row);
    },
  });
}

/** `AB12` → 27. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '';
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function place(row: string[], column: number, text: string): void {
  if (column < 0 || column >= MAX_COLUMNS)
    throw new Unreadable(`The sheet has more than ${MAX_COLUMNS} columns.`);
  while (row.length < column) row.push('');
  row[column] = text;
}

function textOf({ type, style }: { type: string; style: number }, text: string, workbook: Workbook): string {
  if (type === 's') return workbook.sharedTexts[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'true' : 'false';
  if (type === 'e') return '';
  const number = Number(text);
  if (type !== 'n' || text.trim() === '' || !Number.isFinite(number)) return text;
  if (workbook.dateFormats.has(style) && number >= 0 && number < MAX_DAYS) return dateOf(number, workbook);
  return String(Number(number.toPrecision(DIGITS)));
}

/** Days since day 0 as a date, with its time where it has one; a time of day alone as that. */
function dateOf(days: number, { from1904 }: Workbook): string {
  const zero = from1904 ? DAY_ZERO.from1904 : DAY_ZERO.from1900;
  const seconds = Math.round((days * DAY_MS) / 1000);
  const iso = new Date(zero + seconds * 1000).toISOString();
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  if (days < 1 && !from1904) return time;
  return time === '00:00:00' ? date : `${date}T${time}`;
}
