import { MAX_EXAMPLES, MAX_ITEMS_PER_COMPLEXITY } from '../../../../contracts/limits.ts';
import type { Column } from '../../../../contracts/entities/column.ts';
import { inferAnswerType, type AnswerType } from '../../../../contracts/values/answer-type.ts';
import { chooseMissing } from '../../../../contracts/values/choose-missing.ts';
import { mergeColumns } from '../../../../contracts/values/merge-columns.ts';
import type { CreateTask, File as StoredFile, Task } from '../../lib/api/types.ts';

export const MAX_COMPLEXITY = 10;
export { MAX_EXAMPLES, MAX_ITEMS_PER_COMPLEXITY };

/** What the form for a new task holds. */
export interface Draft {
  source: 'files' | 'text';
  /** One item a line. */
  text: string;
  description: string;
  complexity: number;
  target: string | null;
  /** Null: as the data suggests. */
  kind: Task['kind'] | null;
  labels: string[];
  /** Texts of the target that count as blank; null: those that were recognised. */
  missing: string[] | null;
  allow_training: boolean;
  review_window_hours: number | string;
  max_price_satoshis: number | string;
}

type Table = Extract<StoredFile['metadata'], { rows: number }>;
const tablesOf = (files: readonly StoredFile[]): Table[] =>
  files.flatMap(({ metadata }) => (metadata && metadata.file_type !== 'text' ? [metadata] : []));

const rowsOf = (files: readonly StoredFile[]): number =>
  tablesOf(files).reduce((sum, { rows, blank_rows = 0 }) => sum + rows - blank_rows, 0);

/** The columns of the attached tables, those of one name as one. */
export function columnsOf(files: readonly StoredFile[]): Column[] {
  const byName = Map.groupBy(
    tablesOf(files).flatMap((table) => table.columns),
    ({ name }) => name,
  );
  return [...byName.values()].map((columns) => mergeColumns(columns)!);
}

const TELLING_NAME = /^(label|target|class|category|answer|expected|y)$/i;

/** The column that looks like blanks to be filled in: partly filled, and the only such or one with a telling name. */
export function guessTarget(files: readonly StoredFile[]): string | null {
  const rows = rowsOf(files);
  const partly = columnsOf(files).filter(({ filled }) => filled > 0 && filled < rows);
  const telling = partly.find(({ name }) => TELLING_NAME.test(name));
  return (telling ?? (partly.length === 1 ? partly[0] : undefined))?.name ?? null;
}

export interface Counts {
  items: number;
  examples: number;
}

/**
 * How many rows are to do, and how many come with their answer; rows without any value are neither. A text file is an item
 * of its own where no table is attached, else a medium that its rows may name.
 */
export function countsOf(files: readonly StoredFile[], target: Column | undefined): Counts {
  if (tablesOf(files).length === 0) return { items: files.length, examples: 0 };
  const examples = target?.filled ?? 0;
  return { items: rowsOf(files) - examples, examples };
}

export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

/** Keyboards of phones do not tell which key was pressed: what they bring with a comma inside is several labels. */
export const separateLabels = (labels: readonly string[]): string[] =>
  [...new Set(labels.flatMap((label) => label.split(/[,;\n]/)).map((label) => label.trim()))].filter(Boolean);

export const draftCounts = (draft: Draft, files: readonly StoredFile[]): Counts =>
  draft.source === 'text'
    ? { items: linesOf(draft.text).length, examples: 0 }
    : countsOf(files, targetColumn(draft, files));

/** As the server infers it from a target; without one, labels are what most people come with. */
export function suggestedAnswer(draft: Draft, files: readonly StoredFile[]): AnswerType | undefined {
  const column = targetColumn(draft, files);
  return column && draft.labels.length === 0 ? inferAnswerType(column) : undefined;
}

export const suggestedKind = (draft: Draft, files: readonly StoredFile[]): Task['kind'] =>
  suggestedAnswer(draft, files)?.kind ?? 'classification';

/** The target with the texts that its buyer wants to count as blank. */
export function targetColumn(draft: Draft, files: readonly StoredFile[]): Column | undefined {
  if (draft.source !== 'files' || draft.target === null) return undefined;
  const column = columnsOf(files).find(({ name }) => name === draft.target);
  return column && chooseMissing(column, draft.missing ?? undefined);
}

export const complexityNeeded = (items: number): number =>
  Math.max(1, Math.ceil(items / MAX_ITEMS_PER_COMPLEXITY));

export function createBody(draft: Draft, files: readonly StoredFile[]): CreateTask {
  const kind = draft.kind ?? suggestedKind(draft, files);
  const fromFiles = draft.source === 'files';
  const max = Number(draft.max_price_satoshis);
  return {
    description: draft.description.trim(),
    complexity: draft.complexity,
    kind,
    ...(kind === 'classification' && draft.labels.length > 0 && { labels: draft.labels }),
    ...(fromFiles && draft.target !== null && { target: draft.target }),
    ...(fromFiles && draft.target !== null && draft.missing && { missing: draft.missing }),
    files: fromFiles ? files.map(({ id }) => id) : [],
    items: fromFiles ? [] : linesOf(draft.text).map((text) => ({ fields: { text } })),
    examples: [],
    allow_training: draft.allow_training,
    review_window_hours: Number(draft.review_window_hours),
    ...(max > 0 && { max_price_satoshis: max }),
  };
}
