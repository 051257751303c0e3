import type { Column } from '../entities/column.ts';
import { chooseMissing } from '../values/choose-missing.ts';
import { mergeColumns } from '../values/merge-columns.ts';

/** Which column is to be filled in. */
export interface TargetChoice {
  readonly target?: string | undefined;
  /** Texts that count as blank, as the buyer chose; those that the inspection recognised where absent. */
  readonly missing?: readonly string[] | undefined;
}

/** The target column of one table under the buyer's choice; undefined if the table has none of that name. */
export function targetOf(
  { columns }: { readonly columns: readonly Column[] },
  { target, missing }: TargetChoice,
): Column | undefined {
  const column = columns.find(({ name }) => name === target);
  return column && chooseMissing(column, missing);
}

/** The target of all tables as one column; undefined if none has it. */
export const targetOfTables = (
  tables: readonly { readonly columns: readonly Column[] }[],
  choice: TargetChoice,
): Column | undefined => mergeColumns(tables.flatMap((table) => targetOf(table, choice) ?? []));
