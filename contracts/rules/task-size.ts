import type { Column } from '../entities/column.ts';
import { COMPLEXITY, LIMITS } from '../limits.ts';
import { isTable } from './file-kinds.ts';
import type { FileKind } from './file-kinds.ts';
import { targetOf } from './target.ts';
import type { TargetChoice } from './target.ts';

/** The number of items to answer, and of examples. */
export interface TaskSize {
  readonly items: number;
  readonly examples: number;
}

interface Table {
  readonly rows: number;
  readonly blank_rows?: number | undefined;
  readonly columns: readonly Column[];
}

/** Rows with a value in the target column are examples, the others are items. Rows without any value are neither. */
function tableSize(table: Table, choice: TargetChoice): TaskSize {
  const examples = targetOf(table, choice)?.filled ?? 0;
  return { items: table.rows - (table.blank_rows ?? 0) - examples, examples };
}

export const addSizes = (sizes: readonly TaskSize[]): TaskSize => ({
  items: sizes.reduce((sum, { items }) => sum + items, 0),
  examples: sizes.reduce((sum, { examples }) => sum + examples, 0),
});

/** Metadata of any file; that of tables has rows and columns. */
type Metadata = { readonly file_type: FileKind } | ({ readonly file_type: FileKind } & Table);

/**
 * The size of the attached files. If one is a table, the others are media that its cells name; otherwise each is one
 * item.
 */
export function sizeOfFiles(files: readonly Metadata[], choice: TargetChoice): TaskSize {
  const tables = files.filter(isTable);
  return tables.length === 0
    ? { items: files.length, examples: 0 }
    : addSizes(tables.map((table) => tableSize(table, choice)));
}

/** The minimum complexity for a number of items. Above `COMPLEXITY.max`, no task can hold them. */
export const complexityNeeded = (items: number): number =>
  Math.max(COMPLEXITY.min, Math.ceil(items / LIMITS.itemsPerComplexity.value));
