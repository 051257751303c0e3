import { comparable } from '../../../contracts/values/comparable.ts';
import { MAX_COLUMNS } from './csv-records.ts';
import { Unreadable } from './unreadable.ts';

const MAX_NAME = 200;
/** Maximum length of all names together, so that a page of 100 files fits into one response. */
const MAX_NAMES = 24_000;

/**
 * Derives unique column names from the header row. A column without a name (an index column, a trailing delimiter)
 * becomes `column_<n>`; the second `label` becomes `label_2`. The header in the file is not changed.
 * @throws Unreadable
 */
export function columnNames(header: readonly string[]): string[] {
  const written = header.map(comparable);
  const taken = new Set(written);
  const used = new Set<string>();
  const names = written.map((cell, i) => {
    if (cell !== '' && !used.has(cell)) {
      used.add(cell);
      return cell;
    }
    const name = freeName(cell === '' ? `column_${i + 1}` : `${cell}_2`, taken);
    taken.add(name);
    used.add(name);
    return name;
  });
  assertColumnNames(names);
  return names;
}

/** The name, with the next free number appended if it is taken. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/_\d+$/, '');
  for (let n = 2; ; n++) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

/** Checks number, length and characters of column names. @throws Unreadable */
export function assertColumnNames(names: readonly string[]): void {
  if (names.length > MAX_COLUMNS) {
    throw new Unreadable(`There are ${names.length} columns; at most ${MAX_COLUMNS} can be used.`);
  }
  for (const name of names) {
    if (name.length > MAX_NAME) {
      throw new Unreadable(`The column name "${name.slice(0, 40)}…" is longer than ${MAX_NAME} characters.`);
    }
    if (!name.isWellFormed()) {
      throw new Unreadable('A column name holds half of a surrogate pair, which is no character.');
    }
    if (name === '__proto__') throw new Unreadable('A column may not be named "__proto__".');
  }
  if (names.reduce((sum, name) => sum + name.length, 0) > MAX_NAMES) {
    throw new Unreadable(`The column names together are longer than ${MAX_NAMES} characters.`);
  }
}
