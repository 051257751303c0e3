import type { Task } from '../../contracts/entities/task.ts';
import type { Recalled } from '../../contracts/entities/training.ts';
import { MAX_EXAMPLES } from '../../contracts/limits.ts';
import { objects } from '../../contracts/naming.ts';
import type { ExamplePayload } from '../../contracts/serving/invocation.ts';
import { sha256 } from '../shared/ids.ts';
import { jsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { questionOf } from '../shared/question.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import type { answerReader } from './answers.ts';

/** @throws Unreadable if the answer is not valid for this task; the inspection should have rejected it */
export function withReadAnswer(
  example: ExamplePayload,
  readAnswer: ReturnType<typeof answerReader>,
): ExamplePayload {
  const expected = readAnswer(example.expected);
  if (expected !== undefined) return { ...example, expected };
  throw new Unreadable(`the answer of ${example.id} is not one of this task`);
}

/** Stores the examples of a task, or of a quote. @returns the hash that the model checks */
export async function writeExamples(
  work: ObjectStore,
  id: string,
  examples: readonly ExamplePayload[],
): Promise<string> {
  const lines = jsonLines(examples);
  await work.put(objects.examples(id), lines, 'application/jsonl');
  return sha256(lines);
}

/** The snapshot of items the buyer confirmed for the same question; undefined if it exceeds the limit of examples. */
export async function recalledFor(
  recalls: RecallStore,
  task: Parameters<typeof questionOf>[0] & Pick<Task, 'example_count'>,
): Promise<Recalled | undefined> {
  const snapshot = (await recalls.of(questionOf(task)))?.snapshot;
  return snapshot && task.example_count + snapshot.count <= MAX_EXAMPLES ? snapshot : undefined;
}
