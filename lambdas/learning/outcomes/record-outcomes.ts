import * as z from 'zod';
import type { TrainingExample, TrainingShard } from '../../../contracts/entities/training.ts';
import { Correction, ResultItem } from '../../../contracts/entities/result.ts';
import { objects, s3Uri } from '../../../contracts/naming.ts';
import { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { sha256 } from '../../shared/ids.ts';
import { questionOf } from '../../shared/question.ts';
import { jsonLines, parseJsonLines } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ResultStore } from '../../shared/stores/result-store.ts';
import type { TaskStore } from '../../shared/stores/task-store.ts';
import { isLabel } from './read-outcome.ts';
import { outcomesOf } from './outcomes.ts';
import { contentHash } from './content.ts';
import { isConfirmed } from './rebuild-snapshot.ts';
import type { Confirmed } from './recall-confirmed.ts';

export interface RecordOutcomesDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly work: ObjectStore;
}

/** The stored outcomes of a task, for the count and for the recall. */
export interface Recorded {
  readonly shard: TrainingShard;
  readonly confirmed: Confirmed;
}

export interface Judgement {
  readonly task_id: string;
  readonly result_id: string;
}

/**
 * Stores the outcomes of a judged task as training examples, one JSON line each. Idempotent: a second run writes the same
 * bytes to the same key.
 * @returns where they are stored; undefined, and nothing is stored, for a task that opted out of training
 */
export async function recordOutcomes(
  deps: RecordOutcomesDependencies,
  judged: Judgement,
): Promise<Recorded | undefined> {
  const [task, result] = await Promise.all([
    deps.tasks.get(judged.task_id, { consistent: true }),
    deps.results.get(judged.result_id, { consistent: true }),
  ]);
  if (!task || !result) throw new Error(`task ${judged.task_id} or its result is gone`);
  if (result.verdict === 'pending') throw new Error(`result ${result.id} is not judged yet`);
  if (!task.allow_training) return undefined;

  const read = async <S extends z.ZodType>(keys: readonly string[], schema: S): Promise<z.output<S>[]> => {
    const texts = await Promise.all(keys.map((key) => deps.work.text(key)));
    return z.array(schema).parse(texts.flatMap(parseJsonLines));
  };
  const corrections = 'feedback' in result ? result.feedback.corrections_key : undefined;
  const examples = outcomesOf(
    task,
    result,
    await read(
      result.parts.map((_, i) => objects.chunkItems(task.id, i + 1)),
      ItemPayload,
    ),
    await read(
      result.parts.map((part) => part.key),
      ResultItem,
    ),
    await read(corrections === undefined ? [] : [corrections], Correction),
  );
  const lines = jsonLines(examples);
  const key = objects.outcomes(task.id, result.judged_at);
  await deps.work.put(key, lines, 'application/jsonl');
  // A withdrawal that came after the task was read may have found nothing to delete.
  const current = await deps.tasks.get(task.id, { consistent: true });
  if (!current?.allow_training) {
    await deps.work.remove(key);
    return undefined;
  }
  return {
    shard: {
      task_id: task.id,
      result_id: result.id,
      family: task.family,
      uri: s3Uri(deps.work.bucket, key),
      sha256: sha256(lines),
      count: examples.length,
      labels: distinctLabels(examples),
      created_at: result.judged_at,
    },
    confirmed: {
      question: questionOf(task),
      key,
      size_bytes: Buffer.byteLength(lines),
      confirmed: examples.filter(isConfirmed).length,
      judged_at: result.judged_at,
    },
  };
}

/** Number of distinct contents with a known right answer: copies of an item teach nothing new. */
const distinctLabels = (examples: readonly TrainingExample[]): number =>
  new Set(examples.filter(isLabel).map(({ family, item }) => contentHash(family, item).toString('hex'))).size;
