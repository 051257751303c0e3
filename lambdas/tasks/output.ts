import type { Column, ReadyFile } from '../../contracts/entities/file.ts';
import type { ResultItem } from '../../contracts/entities/result.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import { writtenAnswer } from '../../contracts/values/written-answer.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { CsvMetadata } from '../shared/tables/csv-records.ts';
import { decodedText } from '../shared/tables/decode.ts';
import { filledCsv, NotEncodable } from '../shared/tables/fill-csv.ts';
import { filledJson, jsonValues } from '../shared/tables/fill-json.ts';
import type { JsonMetadata } from '../shared/tables/json-parts.ts';
import type { ByteChunks } from '../shared/tables/source.ts';
import { writeCsv } from '../shared/tables/write-csv.ts';
import { JsonAnswers } from './json-answers.ts';
import { isTable } from './measure.ts';

export interface Output {
  readonly extension: 'csv' | 'json';
  readonly contentType: string;
  readonly body: Buffer;
}

/** The answer to a row, or undefined where the row was not asked about. */
type AnswerOf = (row: number) => ResultItem | undefined;

/**
 * The file a buyer takes home: the one table they gave, with its target filled in and every other byte as it was; in every
 * other case a CSV of answers.
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
  const { metadata } = table;
  const position = metadata.columns.findIndex((column) => column.name === target);
  if (position < 0) return answersAsCsv(items);
  const open = () => uploads.stream(objects.ready(table.owner_id, table.id, metadata.sha256));
  const answers = new Map(items.map((item) => [item.id, item]));
  const answerOf: AnswerOf = (row) => answers.get(`${table.id}:${row}`);
  return metadata.file_type === 'json'
    ? {
        extension: 'json',
        contentType: 'application/json',
        body: await jsonBody(metadata, open, metadata.columns[position]!, answerOf),
      }
    : { extension: 'csv', contentType: 'text/csv', body: await csvBody(metadata, open, position, answerOf) };
}

type Open = () => Promise<ByteChunks>;

async function csvBody(
  metadata: CsvMetadata,
  open: Open,
  position: number,
  answerOf: AnswerOf,
): Promise<Buffer> {
  const column = metadata.columns[position]!;
  const newCell = (row: number) => {
    const answer = answerOf(row);
    return answer && writtenAnswer(column, answer.prediction);
  };
  try {
    return await gathered(filledCsv(metadata, await open(), position, newCell));
  } catch (error) {
    if (!(error instanceof NotEncodable)) throw error;
    // The mark tells a spreadsheet that the file is UTF-8 now.
    const utf8 = { ...metadata, encoding: 'utf-8' };
    const source = inUtf8(await open(), metadata.encoding);
    return Buffer.concat([Buffer.from('\uFEFF'), await gathered(filledCsv(utf8, source, position, newCell))]);
  }
}

async function jsonBody(
  metadata: JsonMetadata,
  open: Open,
  column: Column,
  answerOf: AnswerOf,
): Promise<Buffer> {
  const texts = new JsonAnswers(column);
  for await (const text of jsonValues(metadata, await open(), column.name)) {
    if (text !== undefined) texts.learn(text);
  }
  const newValue = (row: number) => {
    const answer = answerOf(row);
    return answer && texts.write(answer.prediction);
  };
  return gathered(filledJson(metadata, await open(), column.name, newValue));
}

async function gathered(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* inUtf8(bytes: ByteChunks, encoding: string): AsyncGenerator<Buffer> {
  for await (const text of decodedText(bytes, encoding)) yield Buffer.from(text);
}

function answersAsCsv(items: readonly ResultItem[]): Output {
  const rows = items.map((item) => [item.id, item.prediction, item.confidence ?? null]);
  return {
    extension: 'csv',
    contentType: 'text/csv',
    body: Buffer.from(writeCsv([['id', 'prediction', 'confidence'], ...rows])),
  };
}
