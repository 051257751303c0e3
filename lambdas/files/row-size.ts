import { LIMITS } from '../../contracts/limits.ts';
import type { CellValue } from '../shared/tables/cells.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';

/** Measures the rows of a table as the items that they become. */
export class RowSizes {
  #largest = 0;
  #all = 0;

  /** Refuses a row that no request to a worker could carry. @throws Unreadable */
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
