import type { Recall, Recalled, TrainingExample } from '../../../contracts/entities/training.ts';
import { MAX_RECALLED } from '../../../contracts/entities/training.ts';
import { objects, parseS3Uri, s3Uri } from '../../../contracts/naming.ts';
import { ExamplePayload } from '../../../contracts/serving/invocation.ts';
import { sha256 } from '../../shared/ids.ts';
import { logger } from '../../shared/logger.ts';
import { jsonLines, ObjectMissing } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { contentHash } from './content.ts';
import { readFiles } from './read-lines.ts';
import { isLabel, readOutcome } from './read-outcome.ts';

/** Of a snapshot. The container's limit is 64 MB. */
const MAX_BYTES = 4 << 20;
/** At least twenty rows fit into a snapshot. */
const MAX_ROW_BYTES = MAX_BYTES / 20;

/** A confirmed item as a line of a snapshot. */
interface Row {
  readonly id: string;
  readonly line: string;
  readonly hash: string;
  /** When it was confirmed, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Whether the buyer confirmed the right answer explicitly: automatic acceptance would teach Duke MM its own answers.
 * Text generation is left to training, since a few examples can make it worse (model/README.md).
 */
export const isConfirmed = (
  outcome: TrainingExample,
): outcome is TrainingExample & { expected: string | number } =>
  isLabel(outcome) &&
  outcome.kind !== 'generation' &&
  (outcome.label_source === 'accepted' || outcome.label_source === 'correction');

/** Merges the previous snapshot with the waiting files: the most recently confirmed items, each content once. */
export async function rebuildSnapshot(work: ObjectStore, from: Recall): Promise<Recall> {
  const chosen = new Map<string, Row>();
  let bytes = 0;
  for await (const row of newestFirst(work, from)) {
    const size = Buffer.byteLength(row.line);
    if (chosen.has(row.hash) || size > MAX_ROW_BYTES) continue;
    if (chosen.size >= MAX_RECALLED || bytes + size > MAX_BYTES) break;
    chosen.set(row.hash, row);
    bytes += size;
  }
  if (chosen.size === 0) return { ...from, waiting: [] };
  const written = await writeSnapshot(work, from, [...chosen.values()]);
  const before = keyOf(from.snapshot);
  const isReplaced = before !== undefined && before !== keyOf(written.snapshot);
  return { ...written, ...(isReplaced && { replaced: before }), waiting: [] };
}

/**
 * The recall without the outcomes of one task: neither in its snapshot nor waiting. The previous snapshot, which may hold
 * them too, is not referenced any more.
 */
export async function withoutTask(
  work: ObjectStore,
  { replaced: _replaced, ...recall }: Recall,
  resultId: string,
  outcomesKey: string,
): Promise<Recall> {
  const waiting = recall.waiting.filter(({ key }) => key !== outcomesKey);
  const rows = await snapshotRows(work, recall);
  const kept = rows.filter(({ id }) => !mayBelongTo(resultId, id));
  if (kept.length === rows.length) return { ...recall, waiting };
  const { snapshot: _snapshot, confirmed_at: _times, ...empty } = recall;
  return { ...(kept.length > 0 ? await writeSnapshot(work, empty, kept) : empty), waiting };
}

/** Ids of 64 hexadecimal digits are hashes that earlier releases wrote; their task is unknown. */
const mayBelongTo = (resultId: string, id: string): boolean =>
  id.startsWith(`${resultId}#`) || /^[0-9a-f]{64}$/.test(id);

async function writeSnapshot(work: ObjectStore, from: Recall, rows: readonly Row[]): Promise<Recall> {
  const text = rows.map(({ line }) => line).join('');
  const hash = sha256(text);
  const key = objects.recalled(from.question, hash);
  await work.put(key, text, 'application/jsonl');
  const snapshot: Recalled = { uri: s3Uri(work.bucket, key), sha256: hash, count: rows.length };
  return { ...from, snapshot, confirmed_at: rows.map(({ at }) => at) };
}

/** Rows of the previous snapshot and of the waiting files, by the time of their confirmation, newest first. */
async function* newestFirst(work: ObjectStore, recall: Recall): AsyncGenerator<Row> {
  const previous = (await snapshotRows(work, recall)).sort((a, b) => b.at - a.at);
  // Of two files with the same time, the one that arrived last comes first.
  const waiting = [...recall.waiting]
    .reverse()
    .sort((a, b) => Date.parse(b.judged_at) - Date.parse(a.judged_at));
  const files = waiting.map(({ key, size_bytes }) => ({ key, size: size_bytes }));
  let position = 0;
  let next = 0;
  const onMissing = (key: string): void => logger.warn('confirmed outcomes are gone', { key });
  for await (const { lines } of readFiles(work, files, onMissing)) {
    const at = Date.parse(waiting[position++]!.judged_at);
    for (; next < previous.length && previous[next]!.at > at; next++) yield previous[next]!;
    yield* await sampled(confirmedIn(lines), recall.question, at);
  }
  yield* previous.slice(next);
}

/** Readable rows of the previous snapshot; none if it was deleted. */
async function snapshotRows(work: ObjectStore, recall: Recall): Promise<Row[]> {
  const key = keyOf(recall.snapshot);
  if (key === undefined) return [];
  let text: string;
  try {
    text = await work.text(key);
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    logger.warn('snapshot is gone', { key });
    return [];
  }
  return text.split('\n').flatMap((line, i) => {
    const example = exampleIn(line);
    return example ? [rowOf(example, recall.question, recall.confirmed_at?.[i] ?? 0)] : [];
  });
}

function exampleIn(line: string): ExamplePayload | undefined {
  try {
    return ExamplePayload.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // The end of the file, or a truncated line.
  }
}

async function* confirmedIn(lines: AsyncIterable<string>): AsyncGenerator<ExamplePayload> {
  for await (const line of lines) {
    const read = readOutcome(line);
    if (!('example' in read) || !isConfirmed(read.example)) continue;
    const { item, id, expected } = read.example;
    yield { ...item, id: shortId(id), expected };
  }
}

/**
 * A sample of at most MAX_RECALLED items of a file, chosen by the hash of their content. The first ones would be biased,
 * since a table may be sorted by its answers.
 */
async function sampled(
  examples: AsyncIterable<ExamplePayload>,
  question: string,
  at: number,
): Promise<Row[]> {
  let sample: Row[] = [];
  const reduce = (): void => {
    sample = sample.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, MAX_RECALLED);
  };
  for await (const example of examples) {
    sample.push(rowOf(example, question, at));
    if (sample.length === 2 * MAX_RECALLED) reduce();
  }
  reduce();
  return sample;
}

const rowOf = (example: ExamplePayload, question: string, at: number): Row => ({
  id: example.id,
  line: jsonLines([example]),
  hash: contentHash(question, example).toString('hex'),
  at,
});

/** The id of an outcome joins those of result and item, so it can exceed the limit on the id of an example. */
function shortId(id: string): string {
  if (id.length <= 256) return id;
  const [resultId = ''] = id.split('#', 1);
  return `${resultId}#${sha256(id)}`;
}

export const keyOf = (snapshot: Recalled | undefined): string | undefined =>
  snapshot && parseS3Uri(snapshot.uri)?.key;
