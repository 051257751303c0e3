import type { ReadyFile } from '../../contracts/entities/file.ts';
import type { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { CellValue } from '../shared/tables/cells.ts';
import { writeCsv } from '../shared/tables/write-csv.ts';
import type { AnswerColumns } from './answer-columns.ts';
import type { KnownItem } from './known-items.ts';
import { isTableFile } from './tables.ts';

type Cells = Map<string, CellValue | undefined>;

export interface AnswersTableInput {
  readonly task: Pick<Task, 'target'>;
  readonly attached: readonly ReadyFile[];
  readonly inputs: TaskInputs;
  readonly items: readonly KnownItem[];
}

/**
 * Builds a CSV of answers for tasks without a single table to fill in. It has one row per document (file name), per
 * table row (file name and row number) and per inline item (id and fields), including inline items that came with
 * their answer.
 */
export function answersTable(
  { task, attached, inputs, items }: AnswersTableInput,
  columns: AnswerColumns,
): Buffer {
  const rows = [...fileRows(attached, items), ...inlineRows(inputs, items)];
  const leading = ['file', 'row', 'id'].filter((name) => rows.some(({ place }) => place.has(name)));
  const fields = [...new Set(rows.flatMap(({ fields }) => [...fields.keys()]))];
  const target = task.target ?? columns.freeName('answer', [...leading, ...fields]);
  const names = fields.includes(target) ? fields : [...fields, target];
  const added = columns.added([...leading, ...names]);
  const table = rows.map(({ place, fields: values, item }) => [
    ...leading.map((name) => place.get(name)),
    ...names.map((name) => (name === target && item ? columns.answer(item) : values.get(name))),
    ...added.map(({ cell }) => (item ? cell(item) : '')),
  ]);
  return Buffer.from(writeCsv([[...leading, ...names, ...added.map(({ name }) => name)], ...table]));
}

interface Row {
  readonly place: Cells;
  readonly fields: Cells;
  /** Undefined if the answer came with the row. */
  readonly item: KnownItem | undefined;
}

function fileRows(attached: readonly ReadyFile[], items: readonly KnownItem[]): Row[] {
  const byId = new Map(attached.map((file) => [file.id, file]));
  return items.flatMap((item) => {
    const [id, row] = item.id.split(':');
    const file = byId.get(id ?? '');
    if (!file || isTableFile(file) !== (row !== undefined)) return [];
    const place: Cells = new Map([['file', file.filename]]);
    if (row !== undefined) place.set('row', Number(row));
    return [{ place, fields: new Map(), item }];
  });
}

function inlineRows({ items: inline }: TaskInputs, items: readonly KnownItem[]): Row[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return inline.map(({ id, fields = {} }, i) => {
    return {
      place: id === undefined ? new Map() : new Map([['id', id]]),
      fields: new Map(Object.entries(fields)),
      item: byId.get(id ?? `item:${i + 1}`),
    };
  });
}
