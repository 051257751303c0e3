import type { Column } from '../../../../contracts/entities/column.ts';
import { inferAnswerType, kindOf, type AnswerType } from '../../../../contracts/rules/answer-type.ts';
import { isTable } from '../../../../contracts/rules/file-kinds.ts';
import { OUTPUT_COLUMNS, type OutputColumn } from '../../../../contracts/rules/output-columns.ts';
import { targetOfTables, type TargetChoice } from '../../../../contracts/rules/target.ts';
import { sizeOfFiles, type TaskSize } from '../../../../contracts/rules/task-size.ts';
import { distinctLabels } from '../../../../contracts/values/labels.ts';
import { mergeColumns } from '../../../../contracts/values/merge-columns.ts';
import type { CreateTask, File as StoredFile, Task } from '../../lib/api/types.ts';
import { labelOptionsOf, type LabelFields } from './label-options.ts';

/** Values of the form for a new task. */
export interface Draft extends LabelFields {
  source: 'files' | 'text';
  /** One item per line. */
  text: string;
  description: string;
  complexity: number;
  target: string | null;
  /** Null: inferred from the data. */
  kind: Task['kind'] | null;
  labels: string[];
  /** Texts of the target column that count as blank; null: those that were recognised. */
  missing: string[] | null;
  /** Columns to add to the output file. */
  output_columns: OutputColumn[];
  allow_training: boolean;
  /** Answers that are less sure go to an agent: a share as text; empty: none do. */
  review_below: string;
  review_window_hours: number | string;
  max_price_satoshis: number | string;
}

const metadataOf = (files: readonly StoredFile[]) => files.flatMap(({ metadata }) => metadata ?? []);
const tablesOf = (files: readonly StoredFile[]) => metadataOf(files).filter(isTable);

const rowsOf = (files: readonly StoredFile[]): number =>
  tablesOf(files).reduce((sum, { rows, blank_rows = 0 }) => sum + rows - blank_rows, 0);

/** Columns of the attached tables, merged by name. */
export function columnsOf(files: readonly StoredFile[]): Column[] {
  const byName = Map.groupBy(
    tablesOf(files).flatMap((table) => table.columns),
    ({ name }) => name,
  );
  return [...byName.values()].map((columns) => mergeColumns(columns)!);
}

const TELLING_NAME = /^(label|target|class|category|answer|expected|y)$/i;

/** The likely target column: partly filled, and the only such one or with a telling name. */
export function guessTarget(files: readonly StoredFile[]): string | null {
  const rows = rowsOf(files);
  const partly = columnsOf(files).filter(({ filled }) => filled > 0 && filled < rows);
  const telling = partly.find(({ name }) => TELLING_NAME.test(name));
  return (telling ?? (partly.length === 1 ? partly[0] : undefined))?.name ?? null;
}

/** The answer of a column that was chosen now: nothing said about the answers of another column stays. */
export const answerOfTarget = (target: string | null) =>
  ({
    ...{ target, kind: null, labels: [], missing: null },
    ...{ label_descriptions: {}, class_weight: '', label_costs: {} },
  }) satisfies Partial<Draft>;

/**
 * What another set of files changes in the form. Labels and kind stay as long as the target column does: they may have
 * been entered while a file was still being inspected.
 */
export function answerOfFiles(draft: Draft, files: readonly StoredFile[]): Partial<Draft> {
  const target = guessTarget(files);
  const isChosen = target === null && columnsOf(files).some(({ name }) => name === draft.target);
  return target === draft.target || isChosen ? {} : answerOfTarget(target);
}

export const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

/**
 * Keyboards of phones do not report which key was pressed; pasted or completed text with commas is several labels.
 */
export const separateLabels = (labels: readonly string[]): string[] =>
  [...new Set(labels.flatMap((label) => label.split(/[,;\n]/)).map((label) => label.trim()))].filter(Boolean);

const choiceOf = ({ target, missing }: Draft): TargetChoice => ({
  target: target ?? undefined,
  missing: missing ?? undefined,
});

/** Number of items, counted like the server does. */
export const draftSize = (draft: Draft, files: readonly StoredFile[]): TaskSize =>
  draft.source === 'text'
    ? { items: linesOf(draft.text).length, examples: 0 }
    : sizeOfFiles(metadataOf(files), choiceOf(draft));

/** The kind inferred from the target column, if the buyer has named no labels. */
export function suggestedAnswer(draft: Draft, files: readonly StoredFile[]): AnswerType | undefined {
  const column = targetColumn(draft, files);
  return column && draft.labels.length === 0 ? inferAnswerType(column) : undefined;
}

/** Default if nothing can be inferred: labels, the most common kind. */
export function suggestedKind(draft: Draft, files: readonly StoredFile[]): Task['kind'] {
  const column = targetColumn(draft, files);
  const labels = draft.labels.length > 0 ? draft.labels : undefined;
  return column || labels ? kindOf({ labels }, column).kind : 'classification';
}

/** The target column with the texts that count as blank. */
export const targetColumn = (draft: Draft, files: readonly StoredFile[]): Column | undefined =>
  draft.source === 'files' ? targetOfTables(tablesOf(files), choiceOf(draft)) : undefined;

/** The labels to choose from, as the server finds them: those that were named, else those of the column. */
export const labelsOf = (draft: Draft, files: readonly StoredFile[]): readonly string[] =>
  distinctLabels(draft.labels.length > 0 ? draft.labels : (targetColumn(draft, files)?.values ?? []));

/** In the order of the columns of the output. */
function outputColumnsOf({ output_columns: wanted }: Draft): NonNullable<CreateTask['output_columns']> {
  const [first, second] = OUTPUT_COLUMNS.filter((column) => wanted.includes(column));
  if (first === undefined) return [];
  return second === undefined ? [first] : [first, second];
}

export function createBody(draft: Draft, files: readonly StoredFile[]): CreateTask {
  const kind = draft.kind ?? suggestedKind(draft, files);
  const fromFiles = draft.source === 'files';
  const max = Number(draft.max_price_satoshis);
  const outputColumns = outputColumnsOf(draft);
  return {
    description: draft.description.trim(),
    complexity: draft.complexity,
    kind,
    ...(kind === 'classification' && draft.labels.length > 0 && { labels: draft.labels }),
    ...(kind === 'classification' && labelOptionsOf(draft, labelsOf(draft, files))),
    ...(fromFiles && draft.target !== null && { target: draft.target }),
    ...(fromFiles && draft.target !== null && draft.missing && { missing: draft.missing }),
    files: fromFiles ? files.map(({ id }) => id) : [],
    items: fromFiles ? [] : linesOf(draft.text).map((text) => ({ fields: { text } })),
    examples: [],
    ...(outputColumns.length > 0 && { output_columns: outputColumns }),
    allow_training: draft.allow_training,
    ...(draft.review_below !== '' && { review_below: Number(draft.review_below) }),
    review_window_hours: Number(draft.review_window_hours),
    ...(max > 0 && { max_price_satoshis: max }),
  };
}
