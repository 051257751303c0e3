import { MAX_COLUMN_VALUES } from '../limits.ts';
import type { Column, ColumnType } from '../entities/column.ts';

const countOf = (column: Column, texts: readonly string[]): number =>
  (column.look_missing ?? []).reduce((sum, { text, count }) => sum + (texts.includes(text) ? count : 0), 0);

/** A text among numbers makes the column a text column. */
function typeWith(column: Column, remaining: readonly string[], filled: number): ColumnType {
  if (filled === 0) return 'empty';
  return remaining.length > 0 ? 'text' : column.type;
}

/**
 * The column after the buyer's choice: of the texts that look missing, the `chosen` ones count as blank and the
 * others as answers. Undefined selects those that the inspection recognised.
 */
export function chooseMissing(column: Column, chosen: readonly string[] | undefined): Column {
  const looks = column.look_missing;
  if (chosen === undefined || looks === undefined) return column;
  const before = column.missing ?? [];
  const missing = looks.map(({ text }) => text).filter((text) => chosen.includes(text));
  const kept = before.filter((text) => !missing.includes(text));
  const dropped = missing.filter((text) => !before.includes(text));
  if (kept.length === 0 && dropped.length === 0) return column;
  const filled = column.filled + countOf(column, kept) - countOf(column, dropped);
  const type = typeWith(column, kept, filled);
  const texts = (column.values ?? (column.type === 'empty' ? [] : undefined))?.filter(
    (text) => !dropped.includes(text),
  );
  const values = texts && [...new Set([...texts, ...kept])].sort();
  const { missing: _m, values: _v, form, min, max, ...rest } = column;
  const numeric = type === column.type;
  return {
    ...rest,
    type,
    filled,
    ...(values && values.length <= MAX_COLUMN_VALUES && { values }),
    ...(missing.length > 0 && { missing }),
    ...(numeric && form && { form }),
    ...(numeric && min !== undefined && { min }),
    ...(numeric && max !== undefined && { max }),
  };
}

/** The chosen texts that no column lists as looking missing. */
export function notLookingMissing(columns: readonly Column[], chosen: readonly string[]): string[] {
  const looks = new Set(columns.flatMap(({ look_missing }) => look_missing ?? []).map(({ text }) => text));
  return chosen.filter((text) => !looks.has(text));
}
