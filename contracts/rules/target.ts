import type { Column } from '../entities/column.ts';
import { chooseMissing } from '../values/choose-missing.ts';
import { mergeColumns } from '../values/merge-columns.ts';

/** The column that a task fills in. */
export interface TargetChoice {
  readonly target?: string | undefined;
  /** Texts that count as blank, if the buyer chose some; else those that the inspection recognised. */
  readonly missing?: readonly string[] | undefined;
}

/** The target column of one table after the buyer's choice; undefined if the table has no such column. */
export function targetOf(
  { columns }: { readonly columns: readonly Column[] },
  { target, missing }: TargetChoice,
): Column | undefined {
  const column = columns.find(({ name }) => name === target);
  return column && chooseMissing(column, missing);
}

/** The target columns of all tables, merged; undefined if no table has it. */
export const targetOfTables = (
  tables: readonly { readonly columns: readonly Column[] }[],
  choice: TargetChoice,
): Column | undefined => mergeColumns(tables.flatMap((table) => targetOf(table, choice) ?? []));
