import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { isTable } from '../../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { objects } from '../../../contracts/naming.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { buyer, fund, marketplace } from './marketplace.ts';
import { inspectors } from './inspectors.ts';
import { memoryBucket } from './memory-bucket.ts';
import { firstRows, placesOf, withTargets } from './places.ts';
import type { Dialect } from './places.ts';

export interface RealFile {
  readonly path: string;
  readonly target: string;
  readonly encoding?: 'latin1' | 'utf16le';
  readonly delimiter?: string;
}

/** A task takes 2,000 examples and 2,500 items. */
export const MAX_ROWS = 1500;
/** Every third row loses its answer. */
const BLANKED = 3;
const CSV_OPTIONS = { bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true };

const ENDINGS: Readonly<Record<string, { type: MediaType; format: Dialect['format'] }>> = {
  csv: { type: 'text/csv', format: 'csv' },
  tsv: { type: 'text/tab-separated-values', format: 'csv' },
  txt: { type: 'text/csv', format: 'csv' },
  json: { type: 'application/json', format: 'json' },
  jsonl: { type: 'application/jsonl', format: 'lines' },
  ndjson: { type: 'application/x-ndjson', format: 'lines' },
};

/**
 * Takes a file that others made through upload, task and output, with every third answer removed, and compares.
 * @returns how many cells were filled
 * @throws Error that says what differs
 */
export async function fillRealFile(
  given: RealFile,
  bytes: Buffer,
): Promise<{ rows: number; filled: number }> {
  const ending = given.path.split('.').at(-1)!;
  const { type, format } = ENDINGS[ending]!;
  const dialect: Dialect =
    format === 'csv' ? { format, delimiter: given.delimiter ?? (ending === 'tsv' ? '\t' : ',') } : { format };
  const encoding = given.encoding ?? 'utf8';
  const original = bytes.toString(encoding);
  const all = placesOf(original, given.target, dialect);
  const whole = await upload(bytes, type);
  const { metadata } = whole.file;
  if (!isTable(metadata) || metadata.rows !== all.length)
    throw new Error(`${all.length} rows, but the inspection found ${'rows' in metadata && metadata.rows}`);

  const cut = firstRows(original, all, MAX_ROWS);
  const blank = blanked(dialect);
  const input = withTargets(cut, placesOf(cut, given.target, dialect), (row, target) =>
    row % BLANKED === 0 ? blank(target) : undefined,
  );
  const output = await throughTask(await upload(Buffer.from(input, encoding), type), given.target);
  return { rows: all.length, filled: compare(input, output.toString(encoding), given, dialect) };
}

const blanked =
  ({ format }: Dialect) =>
  (target: string): string =>
    format !== 'csv' ? 'null' : target.startsWith('"') ? '""' : '';

async function upload(bytes: Buffer, type: MediaType) {
  const market = await marketplace(undefined, undefined, ['classification', 'regression', 'generation']);
  const owner = buyer();
  const bucket = memoryBucket();
  const transfer = {
    uploadTo: async () => ({
      url: 'https://example.com',
      fields: {},
      expires_at: market.clock().toISOString(),
    }),
    downloadFrom: async () => 'https://example.com',
  };
  const announced = { filename: 'table', content_type: type, size_bytes: bytes.length };
  const { file } = await uploadFile({ ...market, transfer }, owner.userId, announced, newId());
  bucket.objects.set(objects.upload('text', file.id), bytes);
  await inspectFile({ ...market, bucket, inspectors }, objects.upload('text', file.id));
  const stored = await market.files.get(file.id);
  if (stored?.status !== 'ready')
    throw new Error(stored?.status === 'rejected' ? stored.rejected_reason : `file is ${stored?.status}`);
  for (const [key, content] of bucket.objects) market.uploads.objects.set(key, content);
  return { market, owner, file: stored };
}

async function throughTask(
  {
    market,
    owner,
    file,
  }: { market: Awaited<ReturnType<typeof marketplace>>; owner: ReturnType<typeof buyer>; file: ReadyFile },
  target: string,
): Promise<Buffer> {
  await fund(market, owner, 100_000_000);
  const body = CreateTaskBody.parse({
    description: `What is ${target}?`,
    complexity: 10,
    files: [file.id],
    target,
  });
  const { id } = await createTask(market, owner, body, newId());
  await planTask(market, id);
  for (let queued = market.queue.shift(); queued; queued = market.queue.shift())
    await executeChunk(market, queued.message, 1);
  await completeTask(market, id);
  const task = await market.tasks.get(id);
  if (task?.status !== 'completed') throw new Error(`task is ${JSON.stringify(task)}`);
  const result = await market.results.get(task.result_id);
  return market.work.objects.get(result!.output_key!)!;
}

/** @returns how many targets were filled @throws Error if something else changed, or a blank stayed */
function compare(input: string, output: string, { target }: RealFile, dialect: Dialect): number {
  const [before, after] = [placesOf(input, target, dialect), placesOf(output, target, dialect)];
  const textAt = (text: string, place?: readonly [number, number]) => place && text.slice(...place);
  let filled = 0;
  // A key that a row had not got is taken away again; a value that was there gets its old text.
  const written = after.map((place, row) =>
    before[row]?.target ? place : { ...place, target: place.member },
  );
  const restored = withTargets(output, written, (row, text) => {
    const was = textAt(input, before[row]?.target) ?? '';
    if (was === text) return undefined;
    filled += 1;
    return was;
  });
  if (restored !== input)
    throw new Error(`bytes outside the target changed: ${firstDifference(input, restored)}`);
  const blank = after.findIndex(
    ({ target: place }, row) => row % BLANKED === 0 && isBlank(textAt(output, place)),
  );
  if (blank >= 0 && before[blank]?.target) throw new Error(`row ${blank + 1} is still blank`);
  if (dialect.format === 'csv') compareCells(input, output, target, dialect.delimiter);
  return filled;
}

const isBlank = (target: string | undefined) => target === undefined || ['', '""', 'null'].includes(target);

/** The same once more with csv-parse, which knows nothing of where cells stand. */
function compareCells(input: string, output: string, target: string, delimiter: string): void {
  const cellsOf = (text: string) => parse(text, { ...CSV_OPTIONS, delimiter });
  const [before, after] = [cellsOf(input), cellsOf(output)];
  const column = before[0]!.findIndex((name) => name.trim() === target);
  const others = (rows: string[][]) => rows.map((cells) => cells.toSpliced(column, 1));
  if (!isDeepStrictEqual(others(before), others(after)))
    throw new Error('csv-parse reads other cells outside the target');
}

function firstDifference(a: string, b: string): string {
  const at = [...a].findIndex((char, i) => char !== b[i]);
  return `${JSON.stringify(a.slice(Math.max(0, at - 30), at + 30))} and ${JSON.stringify(b.slice(Math.max(0, at - 30), at + 30))}`;
}
