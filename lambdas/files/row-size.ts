import { LIMITS } from '../../contracts/limits.ts';
import type { CellValue } from '../shared/tables/cells.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';

/** Measures the rows of a table in the size of their items. */
export class RowSizes {
  #largest = 0;
  #all = 0;

  /** Rejects a row that is too large for a request to a worker. @throws Unreadable */
  add(row: number, cells: Iterable<CellValue>): void {
    let bytes = 0;
    for (const cell of cells) bytes += Buffer.byteLength(JSON.stringify(cell));
    if (bytes > LIMITS.item.value) {
      const limit = LIMITS.item.value.toLocaleString('en');
      throw new Unreadable(
        `Row ${row} has ${bytes.toLocaleString('en')} bytes; at most ${limit} can be used.`,
      );
    }
    this.#largest = Math.max(this.#largest, bytes);
    this.#all += bytes;
  }

  found(): { largest: number; all: number } {
    return { largest: this.#largest, all: this.#all };
  }
}
