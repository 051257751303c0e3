import type { Recall, Recalled, TrainingExample } from '../../contracts/entities/training.ts';
import { MAX_RECALLED, TrainingExample as TrainingExampleSchema } from '../../contracts/entities/training.ts';
import { objects, parseS3Uri, s3Uri } from '../../contracts/naming.ts';
import { ExamplePayload } from '../../contracts/serving/invocation.ts';
import type { Clock } from '../shared/clock.ts';
import { sha256 } from '../shared/ids.ts';
import { jsonLines, parseJsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { contentHash } from './content.ts';
import { readFiles } from './read-lines.ts';

export interface RecallDependencies {
  readonly recalls: RecallStore;
  readonly work: ObjectStore;
  readonly clock: Clock;
}

/** Outcomes of one task, as they were written. */
export interface Confirmed {
  readonly question: string;
  readonly key: string;
  readonly size_bytes: number;
  /** How many of them the buyer confirmed by word. */
  readonly confirmed: number;
}

/** With so much more than the snapshot has there is a new one: whoever is given it has to be fitted anew. */
const GROWTH = 0.15;
/** Of a snapshot; the container takes 64 MB. One row may have so much that twenty fit. */
const MAX_BYTES = 4 << 20;
const MAX_ROW_BYTES = MAX_BYTES / 20;
/** Racing writers of one question: a few workers. */
const TRIES = 30;

/**
 * Whether the buyer said what is right: silence would teach Duke MM its own answers. Texts to be written are left to training,
 * since a few examples of them may be worse than none (model/README.md).
 */
export const isConfirmed = (
  outcome: TrainingExample,
): outcome is TrainingExample & { expected: string | number } =>
  outcome.expected !== undefined &&
  outcome.kind !== 'generation' &&
  (outcome.label_source === 'accepted' || outcome.label_source === 'correction');

/**
 * Keeps, question by question, the newest items that buyers have confirmed, for the tasks that ask the same again. What is
 * handed over twice changes nothing: of equal items one is kept.
 */
export async function recallConfirmed(
  deps: RecallDependencies,
  recorded: readonly Confirmed[],
): Promise<void> {
  const byQuestion = new Map<string, Confirmed[]>();
  for (const of of recorded.filter(({ confirmed }) => confirmed > 0)) {
    byQuestion.set(of.question, [...(byQuestion.get(of.question) ?? []), of]);
  }
  for (const [question, added] of byQuestion) await recall(deps, question, added);
}

async function recall(
  deps: RecallDependencies,
  question: string,
  added: readonly Confirmed[],
): Promise<void> {
  const superseded = new Set<string | undefined>();
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = await deps.recalls.of(question, { consistent: true });
    const known = before?.waiting ?? [];
    const fresh = added.filter(({ key }) => !known.some((of) => of.key === key));
    const waiting = [
      ...known,
      ...fresh.map(({ key, size_bytes, confirmed }) => ({ key, size_bytes, confirmed })),
    ];
    const next: Recall = {
      ...before,
      question,
      waiting,
      revision: (before?.revision ?? 0) + 1,
      updated_at: deps.clock().toISOString(),
    };
    const arrived = waiting.reduce((sum, { confirmed }) => sum + confirmed, 0);
    const renewed = arrived > GROWTH * (before?.snapshot?.count ?? 0) ? await renew(deps, next) : next;
    if (await deps.recalls.write(renewed)) {
      // A task that was planned two renewals ago and still waits is answered without.
      superseded.add(before?.replaced);
      return removeUnused(deps.work, superseded, renewed);
    }
    // Somebody else was faster: what was written for this try is nobody's.
    superseded.add(keyOf(renewed.snapshot));
  }
  throw new Error(`what is recalled of question ${question} was written by others ${TRIES} times in a row`);
}

interface Row {
  readonly line: string;
  readonly hash: string;
}

/** The newest tasks first, each content once. */
async function renew(deps: RecallDependencies, from: Recall): Promise<Recall> {
  const chosen = new Map<string, string>();
  let bytes = 0;
  const before = keyOf(from.snapshot);
  for await (const { line, hash } of candidates(deps.work, from, before)) {
    const size = Buffer.byteLength(line);
    if (chosen.has(hash) || size > MAX_ROW_BYTES) continue;
    if (chosen.size >= MAX_RECALLED || bytes + size > MAX_BYTES) break;
    chosen.set(hash, line);
    bytes += size;
  }
  if (chosen.size === 0) return { ...from, waiting: [] };
  const text = [...chosen.values()].join('');
  const hash = sha256(text);
  const key = objects.recalled(from.question, hash);
  await deps.work.put(key, text, 'application/jsonl');
  const snapshot: Recalled = { uri: s3Uri(deps.work.bucket, key), sha256: hash, count: chosen.size };
  return {
    ...from,
    snapshot,
    ...(before !== undefined && before !== key && { replaced: before }),
    waiting: [],
  };
}

/** What was confirmed since, task by task, then what the last snapshot had. */
async function* candidates(
  work: ObjectStore,
  recall: Recall,
  snapshot: string | undefined,
): AsyncGenerator<Row> {
  const files = recall.waiting.map(({ key, size_bytes }) => ({ key, size: size_bytes })).reverse();
  for await (const { lines } of readFiles(work, files))
    yield* await sampled(confirmedIn(lines), recall.question);
  if (snapshot === undefined) return;
  for (const row of parseJsonLines(await work.text(snapshot)))
    yield rowOf(ExamplePayload.parse(row), recall.question);
}

async function* confirmedIn(lines: AsyncIterable<string>): AsyncGenerator<ExamplePayload> {
  for await (const line of lines) {
    const outcome = TrainingExampleSchema.parse(JSON.parse(line));
    if (isConfirmed(outcome)) yield { ...outcome.item, id: shortId(outcome.id), expected: outcome.expected };
  }
}

/** At most as many as are recalled, drawn by the hash of their content: a table may be sorted by its answers. */
async function sampled(examples: AsyncIterable<ExamplePayload>, question: string): Promise<Row[]> {
  let drawn: Row[] = [];
  const draw = (): void => {
    drawn = drawn.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, MAX_RECALLED);
  };
  for await (const example of examples) {
    drawn.push(rowOf(example, question));
    if (drawn.length === 2 * MAX_RECALLED) draw();
  }
  draw();
  return drawn;
}

const rowOf = (example: ExamplePayload, question: string): Row => ({
  line: jsonLines([example]),
  hash: contentHash(question, example).toString('hex'),
});

/** Of an outcome: the result's and the item's, which alone may have as much as an item's id may have. */
const shortId = (id: string): string => (id.length <= 256 ? id : sha256(id));

const keyOf = (snapshot: Recalled | undefined): string | undefined =>
  snapshot && parseS3Uri(snapshot.uri)?.key;

async function removeUnused(
  work: ObjectStore,
  superseded: ReadonlySet<string | undefined>,
  now: Recall,
): Promise<void> {
  const used = [keyOf(now.snapshot), now.replaced];
  for (const key of superseded) {
    if (key !== undefined && !used.includes(key)) await work.remove(key);
  }
}
