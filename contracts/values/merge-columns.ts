import { MAX_COLUMN_VALUES } from '../limits.ts';
import type { Column, ColumnType } from '../entities/column.ts';
import { comparable } from './comparable.ts';

/** The narrowest type that includes both. */
export function widened(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b || b === 'empty') return a;
  if (a === 'empty') return b;
  const numeric = (type: ColumnType) => type === 'integer' || type === 'number';
  return numeric(a) && numeric(b) ? 'number' : 'text';
}

function mergedValues(a: Column, b: Column): string[] | undefined {
  const distinctValues = (column: Column) => column.values ?? (column.type === 'empty' ? [] : undefined);
  const [left, right] = [distinctValues(a), distinctValues(b)];
  if (!left || !right) return undefined;
  const byText = new Map([...right, ...left].map((value) => [comparable(value), value]));
  return byText.size > MAX_COLUMN_VALUES ? undefined : [...byText.values()].sort();
}

const bothOf = <T>(a: T | undefined, b: T | undefined, join: (a: T, b: T) => T): T | undefined =>
  a === undefined ? b : b === undefined ? a : join(a, b);

type Looks = NonNullable<Column['look_missing']>;

function addedLooks(a: Looks, b: Looks): Looks {
  const counts = new Map(a.map(({ text, count }) => [text, count]));
  for (const { text, count } of b) counts.set(text, (counts.get(text) ?? 0) + count);
  return [...counts].map(([text, count]) => ({ text, count }));
}

function merged(a: Column, b: Column): Column {
  const type = widened(a.type, b.type);
  const values = mergedValues(a, b);
  const form = bothOf(a.form, b.form, (x, y) => ({ ...x, decimals: Math.max(x.decimals, y.decimals) }));
  const min = bothOf(a.min, b.min, Math.min);
  const max = bothOf(a.max, b.max, Math.max);
  const missing = bothOf(a.missing, b.missing, (x, y) => [...new Set([...x, ...y])]);
  const looks = bothOf(a.look_missing, b.look_missing, addedLooks);
  const sample = a.sample ?? b.sample ?? a.values?.[0] ?? b.values?.[0];
  const notNumber = a.not_number ?? b.not_number;
  const numeric = type === 'integer' || type === 'number';
  return {
    name: a.name,
    type,
    filled: a.filled + b.filled,
    ...(values ? { values } : sample !== undefined && { sample }),
    ...(numeric && form && { form }),
    ...(numeric && min !== undefined && { min }),
    ...(numeric && max !== undefined && { max }),
    ...(missing && { missing }),
    ...(looks && { look_missing: looks }),
    ...(notNumber && !numeric && { not_number: notNumber }),
  };
}

/** Merges the columns of one name from several tables; undefined for none. */
export const mergeColumns = (columns: readonly Column[]): Column | undefined =>
  columns.length === 0 ? undefined : columns.reduce(merged);
