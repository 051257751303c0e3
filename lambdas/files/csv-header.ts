import { COMMENT } from './csv-sample.ts';
import type { SampleRecord } from './csv-sample.ts';

/** Maximum of lines above a header, such as title, date and author. */
const MAX_LINES_ABOVE = 20;
const NUMBER = /^[-+]?[\d.,]+%?$/;

const typicalOf = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** The mode of some numbers; the largest of several. */
export function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a), [1, 0])[0];
}

/**
 * Index of the header: the first record that is not a title. A title has one cell while the table has several, or only one
 * filled cell, or is above a blank line and has fewer filled cells than the record below that line.
 */
export function headerIndex(records: readonly SampleRecord[]): number {
  const width = mostFrequent(records.map((record) => record.cells.length));
  if (width === 1) return 0;
  const filled = typicalOf(records.map((record) => record.filled));
  const afterBlank = belowFirstBlank(records);
  if (afterBlank !== undefined) return afterBlank;
  let index = 0;
  // At least a header and a row follow the last title.
  while (index < Math.min(MAX_LINES_ABOVE, records.length - 2) && isTitle(records, index, width, filled))
    index += 1;
  return index;
}

/** Index of the record below the first blank line, if the records above it cannot be a header. */
function belowFirstBlank(records: readonly SampleRecord[]): number | undefined {
  for (let i = 1; i < Math.min(MAX_LINES_ABOVE, records.length); i++) {
    const blank = records[i - 1]!.filled === 0;
    const gap = blank || records[i]!.line > records[i - 1]!.nextLine;
    if (!gap) continue;
    const below = records.slice(i).find((record) => record.filled > 0);
    if (!below || !isHeaderLike(below)) return undefined;
    const above = records.slice(0, i).filter((record) => record.filled > 0);
    const lesser = above.every(
      (record) => record.filled < below.filled && record.filled * 2 <= below.cells.length + 1,
    );
    return above.length > 0 && lesser ? records.indexOf(below) : undefined;
  }
  return undefined;
}

const isHeaderLike = ({ cells, filled }: SampleRecord): boolean =>
  filled >= 2 && cells.every((cell) => !NUMBER.test(cell.trim()));

function isTitle(records: readonly SampleRecord[], index: number, width: number, typical: number): boolean {
  const { cells, filled } = records[index]!;
  const below = records.slice(index + 1);
  const header = below.slice(0, MAX_LINES_ABOVE).find(isHeaderLike);
  if (!header) return false;
  if (cells[0]!.startsWith(COMMENT)) return cells.length !== width || cells[0]!.startsWith(`${COMMENT} `);
  if (header.filled <= filled || !isEven(below, width)) return false;
  if (cells.length === 1) return !startsRows(records, index) && !isNameOfTexts(cells[0]!, header);
  if (filled === 0) return true;
  if (filled === 1 && cells[0]!.trim() !== '') return width > 2 || records[index + 1]!.filled === 0;
  return filled * 2 < typical;
}

/** Whether most records have the width of the table. */
const isEven = (records: readonly SampleRecord[], width: number): boolean =>
  records.filter(({ cells }) => cells.length === width).length * 2 > records.length;

/** `text` above `Hello, world`: a table of one column whose texts contain commas. */
const isNameOfTexts = (title: string, { cells }: SampleRecord): boolean =>
  !title.trim().includes(' ') && cells.slice(1).every((cell) => cell.startsWith(' '));

/** `"text"` above `"1","good"`: a header of one name, written by R. */
const startsRows = (records: readonly SampleRecord[], index: number): boolean =>
  hasRowNames(records[index], records.slice(index + 1));

/**
 * Whether every row begins with a row name, for which the header has no cell, as R writes them. Row names are distinct, and
 * either consecutive numbers, or quoted, or the header has several unquoted names.
 */
export function hasRowNames(header: SampleRecord | undefined, rows: readonly SampleRecord[]): boolean {
  if (!header || rows.length < 2) return false;
  const width = header.cells.length + 1;
  if (!rows.every(({ cells }) => cells.length === width)) return false;
  // A delimiter at the end of every row is not a column.
  if (rows.every(({ cells }) => cells.at(-1)!.trim() === '') && header.cells.length > 1 && !header.quoted)
    return false;
  const names = rows.map(({ cells }) => cells[0]!);
  if (new Set(names).size !== names.length || names.some((name) => name.trim() === '')) return false;
  const numbered = names.every((name, i) => Number(name) === Number(names[0]) + i);
  return (
    numbered ||
    header.quoted ||
    (header.cells.length > 1 &&
      !rows.some(({ firstCellQuoted }) => firstCellQuoted) &&
      !rows.every(({ cells }) => /^\s/.test(cells[1]!)))
  );
}
