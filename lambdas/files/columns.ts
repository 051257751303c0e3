import type { Column } from '../../contracts/entities/column.ts';
import { beginning } from '../../contracts/values/column-profile.ts';
import type { ColumnProfile } from '../../contracts/values/column-profile.ts';
import type { DecimalHint } from '../../contracts/values/number-readings.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';

/** Limit on the values in a record, in bytes. An item of the table is limited to 400 KB and should be smaller. */
const VALUES_BUDGET = 64 * 1024;
/** Limit on other text from cells, in bytes. */
const DETAILS_BUDGET = 48 * 1024;
const MAX_SAMPLE_LENGTH = 60;

const bytesOf = (value: unknown): number =>
  value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));

/** Indexes of the columns to shorten, largest first, so that the details of all fit. */
function overBudget(sizes: readonly number[], budget: number): ReadonlySet<number> {
  const smallestFirst = sizes.map((bytes, i) => ({ i, bytes })).sort((a, b) => a.bytes - b.bytes);
  let remaining = budget;
  return new Set(smallestFirst.filter(({ bytes }) => (remaining -= bytes) < 0).map(({ i }) => i));
}

function withoutValues({ values, names_files: naming, ...rest }: Column): Column {
  const column = { ...rest, ...(naming && { names_files: [] }) };
  return values?.[0] === undefined ? column : { ...column, sample: beginning(values[0], MAX_SAMPLE_LENGTH) };
}

function withoutDetails({ sample: _s, not_number: _n, look_missing: _l, ...column }: Column): Column {
  return column;
}

function decimalHint(profiles: readonly ColumnProfile[], delimiter: string | undefined): DecimalHint {
  const separators = new Set(profiles.map((profile) => profile.decimalSeparator));
  if (separators.has(',')) return 'comma';
  return delimiter === ';' && !separators.has('.') ? 'comma likely' : 'none';
}

/**
 * Columns for the record of a file, shortened to its size limit.
 * @param delimiter of a CSV
 * @throws Unreadable
 */
export function storedColumns(profiles: Iterable<ColumnProfile>, delimiter?: string): Column[] {
  const all = [...profiles];
  const hint = decimalHint(all, delimiter);
  const columns = all.map((profile) => profile.toColumn(hint));
  const largeValues = overBudget(
    columns.map(({ values }) => bytesOf(values)),
    VALUES_BUDGET,
  );
  const shortened = columns.map((column, i) => (largeValues.has(i) ? withoutValues(column) : column));
  const missing = shortened.reduce((sum, column) => sum + bytesOf(column.missing), 0);
  if (missing > DETAILS_BUDGET)
    throw new Unreadable('Too many different texts stand for missing values; leave those cells blank.');
  const largeDetails = overBudget(
    shortened.map((column) => bytesOf([column.sample, column.not_number, column.look_missing])),
    DETAILS_BUDGET,
  );
  return shortened.map((column, i) => (largeDetails.has(i) ? withoutDetails(column) : column));
}
