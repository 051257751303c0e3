import { MAX_EXAMPLES, MAX_ITEMS_PER_COMPLEXITY } from '../../../../contracts/limits.ts';
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
  allow_training: boolean;
  review_window_hours: number | string;
  max_price_satoshis: number | string;
}

/** A column of the attached tables, all tables taken together. */
export interface TargetColumn {
  name: string;
  numeric: boolean;
  filled: number;
  /** Its distinct values, where they are few. */
  values?: string[];
}

type Table = Extract<StoredFile['metadata'], { rows: number }>;
const tablesOf = (files: readonly StoredFile[]): Table[] =>
  files.flatMap(({ metadata }) => (metadata && metadata.file_type !== 'text' ? [metadata] : []));

export function columnsOf(files: readonly StoredFile[]): TargetColumn[] {
  const columns = new Map<string, TargetColumn & { complete: boolean }>();
  for (const { name, type, filled, values } of tablesOf(files).flatMap((table) => table.columns)) {
    const known = columns.get(name);
    const numeric = type === 'integer' || type === 'number' || (type === 'empty' && known?.numeric !== false);
    const complete = (known?.complete ?? true) && (values !== undefined || type === 'empty');
    columns.set(name, {
      name,
      numeric: numeric && (known?.numeric ?? true),
      filled: (known?.filled ?? 0) + filled,
      complete,
      ...(complete && { values: [...new Set([...(known?.values ?? []), ...(values ?? [])])].sort() }),
    });
  }
  return [...columns.values()].map(({ complete: _, ...column }) => column);
}

const TELLING_NAME = /^(label|target|class|category|answer|expected|y)$/i;

/** The column that looks like blanks to be filled in: partly filled, and the only such or one with a telling name. */
export function guessTarget(files: readonly StoredFile[]): string | null {
  const rows = tablesOf(files).reduce((sum, table) => sum + table.rows, 0);
  const partly = columnsOf(files).filter(({ filled }) => filled > 0 && filled < rows);
  const telling = partly.find(({ name }) => TELLING_NAME.test(name));
  return (telling ?? (partly.length === 1 ? partly[0] : undefined))?.name ?? null;
}

export interface Counts {
  items: number;
  examples: number;
}

/**
 * How many rows are to do, and how many come with their answer. A text file is an item of its own where no table is
 * attached, else a medium that its rows may name.
 */
export function countsOf(files: readonly StoredFile[], target: string | null): Counts {
  const tables = tablesOf(files);
  if (tables.length === 0) return { items: files.length, examples: 0 };
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const examples = target === null ? 0 : (columnsOf(files).find(({ name }) => name === target)?.filled ?? 0);
  return { items: rows - examples, examples };
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
    : countsOf(files, draft.target);

/** As the server infers it from a target; without one, labels are what most people come with. */
export function suggestedKind(draft: Draft, files: readonly StoredFile[]): Task['kind'] {
  if (draft.labels.length > 0) return 'classification';
  const column = targetColumn(draft, files);
  if (!column) return 'classification';
  if (column.numeric && column.filled > 0) return 'regression';
  return column.values && column.values.length > 0 ? 'classification' : 'generation';
}

export const targetColumn = (draft: Draft, files: readonly StoredFile[]): TargetColumn | undefined =>
  draft.source === 'files' ? columnsOf(files).find(({ name }) => name === draft.target) : undefined;

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
    files: fromFiles ? files.map(({ id }) => id) : [],
    items: fromFiles ? [] : linesOf(draft.text).map((text) => ({ fields: { text } })),
    examples: [],
    allow_training: draft.allow_training,
    review_window_hours: Number(draft.review_window_hours),
    ...(max > 0 && { max_price_satoshis: max }),
  };
}
