import type { ReadyFile } from '../../contracts/entities/file.ts';
import type { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import { readHash } from '../../contracts/rules/file-kinds.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { CsvMetadata } from '../shared/tables/csv-records.ts';
import { decodedText } from '../shared/tables/decode.ts';
import { filledCsv, NotEncodable } from '../shared/tables/fill-csv.ts';
import { filledJson, jsonValues } from '../shared/tables/fill-json.ts';
import type { JsonMetadata } from '../shared/tables/json-parts.ts';
import type { ByteChunks } from '../shared/tables/source.ts';
import { AnswerColumns } from './answer-columns.ts';
import { answersTable } from './answers-table.ts';
import { JsonAnswers } from './json-answers.ts';
import type { KnownItem } from './known-items.ts';
import { isTableFile } from './tables.ts';

export interface Output {
  readonly extension: 'csv' | 'json' | 'jsonl';
  readonly contentType: string;
  readonly body: Buffer;
}

export interface Rendering {
  readonly task: Pick<Task, 'kind' | 'target' | 'output_columns'>;
  readonly attached: readonly ReadyFile[];
  readonly inputs: TaskInputs;
  readonly uploads: ObjectStore;
  readonly items: readonly KnownItem[];
}

type Open = () => Promise<ByteChunks>;

/** One table and the answers to its rows. */
interface Filling<M> {
  readonly metadata: M;
  readonly open: Open;
  readonly target: string | undefined;
  /** Undefined if the row is not an item of the task. */
  readonly itemOf: (row: number) => KnownItem | undefined;
  readonly columns: AnswerColumns;
}

/**
 * Renders the output file: the buyer's table with its target filled in and every other byte unchanged, or a CSV of
 * answers if the task is not exactly one table.
 */
export async function renderOutput(rendering: Rendering): Promise<Output> {
  const { task, attached, inputs, uploads, items } = rendering;
  const columns = new AnswerColumns(task);
  const tables = attached.filter(isTableFile);
  const [table] = tables;
  if (tables.length !== 1 || !table || inputs.items.length > 0)
    return csv(answersTable({ task, attached, inputs, items }, columns));
  const byId = new Map(items.map((item) => [item.id, item]));
  const { metadata } = table;
  const filling = {
    open: () => uploads.stream(objects.ready(table.id, readHash(metadata))),
    target: task.target,
    itemOf: (row: number) => byId.get(`${table.id}:${row}`),
    columns,
  };
  return metadata.file_type === 'json'
    ? json(await jsonBody({ ...filling, metadata }), metadata)
    : csv(await csvBody({ ...filling, metadata }));
}

const csv = (body: Buffer): Output => ({ extension: 'csv', contentType: 'text/csv', body });
const json = (body: Buffer, { layout }: JsonMetadata): Output =>
  layout?.rows_in === 'lines'
    ? { extension: 'jsonl', contentType: 'application/jsonl', body }
    : { extension: 'json', contentType: 'application/json', body };

async function csvBody(filling: Filling<CsvMetadata>): Promise<Buffer> {
  const { metadata, open } = filling;
  try {
    return await collect(filledTable(filling, metadata, await open()));
  } catch (error) {
    if (!(error instanceof NotEncodable)) throw error;
    const utf8 = { ...metadata, encoding: 'utf-8' };
    const source = toUtf8(await open(), metadata.encoding);
    // The byte order mark tells spreadsheets that the file is UTF-8.
    return Buffer.concat([Buffer.from('\uFEFF'), await collect(filledTable(filling, utf8, source))]);
  }
}

function filledTable(
  { target, itemOf, columns }: Filling<CsvMetadata>,
  metadata: CsvMetadata,
  source: ByteChunks,
): AsyncIterable<Buffer> {
  const names = metadata.columns.map((column) => column.name);
  const position = target === undefined ? -1 : names.indexOf(target);
  const column = metadata.columns[position];
  const newCell = (row: number) => {
    const item = itemOf(row);
    // A refused answer leaves the cell as it was in the input.
    return item && item.prediction !== null ? columns.answer(item, column) : undefined;
  };
  // Without a target column the answers become an additional column.
  const answers = {
    name: columns.freeName('answer', names),
    cell: (item: KnownItem) => columns.answer(item),
  };
  const appended = [...(column ? [] : [answers]), ...columns.added(names)];
  const added = appended.map(({ name, cell }) => ({
    name,
    cell: (row: number) => {
      const item = itemOf(row);
      return item ? cell(item) : '';
    },
  }));
  return filledCsv(metadata, source, { position, newCell: column ? newCell : () => undefined, added });
}

async function jsonBody({ metadata, open, target, itemOf, columns }: Filling<JsonMetadata>): Promise<Buffer> {
  const names = metadata.columns.map((column) => column.name);
  const column = target ?? columns.freeName('answer', names);
  const texts = new JsonAnswers(metadata.columns.find(({ name }) => name === column) ?? {});
  for await (const text of jsonValues(metadata, await open(), column)) {
    if (text !== undefined) texts.learn(text);
  }
  const newValue = (row: number) => {
    const item = itemOf(row);
    if (!item) return undefined;
    return item.prediction === null ? undefined : texts.write(item.prediction);
  };
  const added = columns.added([...names, column]).map(({ name, cell }) => ({
    name,
    value: (row: number) => {
      const item = itemOf(row);
      const text = item ? cell(item) : '';
      if (text === '') return 'null';
      return /^(?:true|false|[\d.]+)$/.test(text) ? text : JSON.stringify(text);
    },
  }));
  return collect(filledJson(metadata, await open(), { column, newValue, added }));
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* toUtf8(bytes: ByteChunks, encoding: string): AsyncGenerator<Buffer> {
  for await (const text of decodedText(bytes, encoding)) yield Buffer.from(text);
}
