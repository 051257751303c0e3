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
import { isConfirmed } from './renew-recall.ts';
import type { Confirmed } from './recall-confirmed.ts';

export interface RecordOutcomesDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly work: ObjectStore;
}

/** Where the outcomes of a task lie, for whoever counts them and for whoever recalls them. */
export interface Recorded {
  readonly shard: TrainingShard;
  readonly confirmed: Confirmed;
}

export interface Judgement {
  readonly task_id: string;
  readonly result_id: string;
}

/**
 * Keeps the outcomes of a judged task as training examples, one JSON line each, written once. Running again writes the
 * same bytes.
 * @returns where they lie; nothing for a task that is kept out of training, which leaves nothing
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
  return {
    shard: {
      task_id: task.id,
      result_id: result.id,
      family: task.family,
      uri: s3Uri(deps.work.bucket, key),
      sha256: sha256(lines),
      count: examples.length,
      labels: differentLabels(examples),
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

/** Items of different content whose right answer is now known: a hundred copies of one item teach what one does. */
const differentLabels = (examples: readonly TrainingExample[]): number =>
  new Set(examples.filter(isLabel).map(({ family, item }) => contentHash(family, item).toString('hex'))).size;
