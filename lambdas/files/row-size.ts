import { LIMITS } from '../../contracts/limits.ts';
import type { CellValue } from '../shared/tables/cells.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';

/** A character takes at most six bytes of JSON (`\u0001`): rows with fewer characters are not measured. */
const MOST_BYTES_PER_CHARACTER = 6;

/** Refuses a row that no request to a worker could carry. @throws Unreadable */
export function assertRowSize(row: number, cells: Iterable<CellValue>): void {
  const values = [...cells];
  const characters = values.reduce(
    (sum: number, cell) => sum + (typeof cell === 'string' ? cell.length : 24),
    0,
  );
  if (characters * MOST_BYTES_PER_CHARACTER <= LIMITS.item.value) return;
  const bytes = values.reduce((sum: number, cell) => sum + Buffer.byteLength(JSON.stringify(cell)), 0);
  if (bytes <= LIMITS.item.value) return;
  const limit = LIMITS.item.value.toLocaleString('en');
  throw new Unreadable(`Row ${row} has ${bytes.toLocaleString('en')} bytes; at most ${limit} can be used.`);
}
