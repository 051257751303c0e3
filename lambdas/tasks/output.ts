import type { ReadyFile } from '../../contracts/entities/file.ts';
import type { ResultItem } from '../../contracts/entities/result.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { isBlank } from '../shared/tables/cells.ts';
import { readCells, readRows } from '../shared/tables/read-rows.ts';
import { writeCsv } from '../shared/tables/write-csv.ts';
import { isTable } from './measure.ts';

export interface Output {
  readonly extension: 'csv' | 'json';
  readonly contentType: string;
  readonly body: string;
}

type Answers = ReadonlyMap<string, ResultItem>;

/**
 * The file a buyer takes home: the one table they gave, with its target filled in; in every other case a CSV of answers.
 */
export async function renderOutput(
  task: Pick<Task, 'target'>,
  attached: readonly ReadyFile[],
  uploads: ObjectStore,
  items: readonly ResultItem[],
): Promise<Output> {
  const tables = attached.filter(isTable);
  const [table] = tables;
  const { target } = task;
  if (tables.length !== 1 || !table || target === undefined) return answersAsCsv(items);
  const answers: Answers = new Map(items.map((item) => [item.id, item]));
  const stream = await uploads.stream(objects.ready(table.owner_id, table.id, table.metadata.sha256));
  const { metadata } = table;
  const position = metadata.columns.findIndex((column) => column.name === target);
  if (position < 0) return answersAsCsv(items);
  if (metadata.file_type === 'json') {
    const rows: Record<string, unknown>[] = [];
    for await (const row of readRows(metadata, stream)) {
      rows.push({ ...row, [target]: filled(row[target], answers.get(`${table.id}:${rows.length + 1}`)) });
    }
    return { extension: 'json', contentType: 'application/json', body: `${JSON.stringify(rows, null, 2)}\n` };
  }
  const rows: (string | number | null)[][] = [metadata.columns.map((column) => column.name)];
  for await (const cells of readCells(metadata, stream)) {
    const answer = answers.get(`${table.id}:${rows.length}`);
    const row: (string | number | null)[] = metadata.columns.map((_, i) => cells[i] ?? '');
    row[position] = filled(cells[position], answer) as string | number | null;
    rows.push(row);
  }
  return {
    extension: 'csv',
    contentType: 'text/csv',
    body: writeCsv(rows, { delimiter: metadata.delimiter }),
  };
}

const filled = (cell: unknown, answer: ResultItem | undefined): unknown =>
  isBlank(cell) ? (answer?.prediction ?? cell) : cell;

function answersAsCsv(items: readonly ResultItem[]): Output {
  const rows = items.map((item) => [item.id, item.prediction, item.confidence ?? null]);
  return {
    extension: 'csv',
    contentType: 'text/csv',
    body: writeCsv([['id', 'prediction', 'confidence'], ...rows]),
  };
}
