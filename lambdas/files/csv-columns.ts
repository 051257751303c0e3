import type { Column } from '../../contracts/entities/column.ts';
import type { CsvLayout } from '../../contracts/entities/layout.ts';
import { ColumnProfile } from '../../contracts/values/column-profile.ts';
import { isBlank } from '../../contracts/values/blank.ts';
import { assertColumnNames, columnNames } from '../shared/tables/column-names.ts';
import type { CsvRow } from '../shared/tables/csv-records.ts';
import { storedColumns } from './columns.ts';

/** Profiles the columns of a CSV row by row, including columns without a header, and how many cells rows have. */
export class CsvColumns {
  rows = 0;
  readonly #header: readonly string[];
  readonly #delimiter: string;
  #names: string[];
  readonly #profiles: ColumnProfile[];
  /** By column: filled cells that are quoted, and that are not. */
  readonly #quoted: number[];
  readonly #bare: number[];
  #blankRows = 0;
  #shortRows = 0;
  #longRows = 0;

  /** @throws Unreadable */
  constructor(header: readonly string[], delimiter: string) {
    this.#header = header;
    this.#delimiter = delimiter;
    this.#names = columnNames(header);
    this.#profiles = this.#names.map((name) => new ColumnProfile(name));
    this.#quoted = this.#names.map(() => 0);
    this.#bare = this.#names.map(() => 0);
  }

  /** @throws Unreadable if there are too many columns */
  add({ number, cells, record }: CsvRow): void {
    this.rows += 1;
    let blank = true;
    cells.forEach((cell, i) => {
      if (isBlank(cell)) return;
      blank = false;
      if (i >= this.#profiles.length) this.#widen(i + 1);
      this.#profiles[i]!.add(cell, number);
      const counts = record.cells[i]!.opening === undefined ? this.#bare : this.#quoted;
      counts[i]! += 1;
    });
    if (blank) this.#blankRows += 1;
    if (cells.length < this.#header.length) this.#shortRows += 1;
    if (cells.slice(this.#header.length).some((cell) => !isBlank(cell))) this.#longRows += 1;
  }

  /** Names columns beyond the header by their position. */
  #widen(width: number): void {
    const header = [...this.#header, ...Array.from({ length: width - this.#header.length }, () => '')];
    this.#names = columnNames(header);
    assertColumnNames(this.#names);
    while (this.#profiles.length < width) {
      this.#profiles.push(new ColumnProfile(this.#names[this.#profiles.length]!));
      this.#quoted.push(0);
      this.#bare.push(0);
    }
  }

  found(): { rows: number; blank_rows: number; columns: Column[] } {
    return {
      rows: this.rows,
      blank_rows: this.#blankRows,
      columns: storedColumns(this.#profiles, this.#delimiter),
    };
  }

  layout(): Pick<CsvLayout, 'quoted_columns' | 'short_rows' | 'long_rows'> {
    const positions = this.#profiles.map((_, i) => i);
    return {
      quoted_columns: positions.filter((i) => this.#quoted[i]! > 0 && this.#bare[i] === 0),
      short_rows: this.#shortRows,
      long_rows: this.#longRows,
    };
  }
}
