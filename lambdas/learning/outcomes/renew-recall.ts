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

/** Of a snapshot; the container takes 64 MB. One row may have so much that twenty fit. */
const MAX_BYTES = 4 << 20;
const MAX_ROW_BYTES = MAX_BYTES / 20;

/** A confirmed item as a line of a snapshot. */
interface Row {
  readonly line: string;
  readonly hash: string;
  /** When it was confirmed, milliseconds since 1970. */
  readonly at: number;
}

/**
 * Whether the buyer said what is right: silence would teach Duke MM its own answers. Texts to be written are left to training,
 * since a few examples of them may be worse than none (model/README.md).
 */
export const isConfirmed = (
  outcome: TrainingExample,
): outcome is TrainingExample & { expected: string | number } =>
  isLabel(outcome) &&
  outcome.kind !== 'generation' &&
  (outcome.label_source === 'accepted' || outcome.label_source === 'correction');

/** The snapshot with what waits: the newest confirmed items first, each content once. */
export async function renew(work: ObjectStore, from: Recall): Promise<Recall> {
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
  const rows = [...chosen.values()];
  const text = rows.map(({ line }) => line).join('');
  const hash = sha256(text);
  const key = objects.recalled(from.question, hash);
  await work.put(key, text, 'application/jsonl');
  const snapshot: Recalled = { uri: s3Uri(work.bucket, key), sha256: hash, count: rows.length };
  const before = keyOf(from.snapshot);
  return {
    ...from,
    snapshot,
    confirmed_at: rows.map(({ at }) => at),
    ...(before !== undefined && before !== key && { replaced: before }),
    waiting: [],
  };
}

/** Tasks and lines of the last snapshot by the time at which they were confirmed, whenever they arrived. */
async function* newestFirst(work: ObjectStore, recall: Recall): AsyncGenerator<Row> {
  const known = (await snapshotRows(work, recall)).sort((a, b) => b.at - a.at);
  // Of two that were judged at once the one that arrived last.
  const waiting = [...recall.waiting]
    .reverse()
    .sort((a, b) => Date.parse(b.judged_at) - Date.parse(a.judged_at));
  const files = waiting.map(({ key, size_bytes }) => ({ key, size: size_bytes }));
  let place = 0;
  let next = 0;
  const isGone = (key: string): void => logger.warn('confirmed outcomes are gone', { key });
  for await (const { lines } of readFiles(work, files, isGone)) {
    const at = Date.parse(waiting[place++]!.judged_at);
    for (; next < known.length && known[next]!.at > at; next++) yield known[next]!;
    yield* await sampled(confirmedIn(lines), recall.question, at);
  }
  yield* known.slice(next);
}

/** Lines of the last snapshot that can still be read; one that is gone has none. */
async function snapshotRows(work: ObjectStore, recall: Recall): Promise<Row[]> {
  const key = keyOf(recall.snapshot);
  if (key === undefined) return [];
  let text: string;
  try {
    text = await work.text(key);
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    logger.warn('what was recalled is gone', { key });
    return [];
  }
  return text.split('\n').flatMap((line, place) => {
    const example = exampleIn(line);
    return example ? [rowOf(example, recall.question, recall.confirmed_at?.[place] ?? 0)] : [];
  });
}

function exampleIn(line: string): ExamplePayload | undefined {
  try {
    return ExamplePayload.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // the end of the file, or a line that was cut short
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

/** At most as many as are recalled, drawn by the hash of their content: a table may be sorted by its answers. */
async function sampled(
  examples: AsyncIterable<ExamplePayload>,
  question: string,
  at: number,
): Promise<Row[]> {
  let drawn: Row[] = [];
  const draw = (): void => {
    drawn = drawn.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, MAX_RECALLED);
  };
  for await (const example of examples) {
    drawn.push(rowOf(example, question, at));
    if (drawn.length === 2 * MAX_RECALLED) draw();
  }
  draw();
  return drawn;
}

const rowOf = (example: ExamplePayload, question: string, at: number): Row => ({
  line: jsonLines([example]),
  hash: contentHash(question, example).toString('hex'),
  at,
});

/** Of an outcome: the result's and the item's, which alone may have as much as an item's id may have. */
const shortId = (id: string): string => (id.length <= 256 ? id : sha256(id));

export const keyOf = (snapshot: Recalled | undefined): string | undefined =>
  snapshot && parseS3Uri(snapshot.uri)?.key;
