import * as z from 'zod';
import { DUKE_MM } from '../../../contracts/duke-mm.ts';
import { Correction, ResultItem } from '../../../contracts/entities/result.ts';
import type { Result } from '../../../contracts/entities/result.ts';
import { ShadowAnswers } from '../../../contracts/entities/shadow-trial.ts';
import type { RunningTrial, ShadowTrial } from '../../../contracts/entities/shadow-trial.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { objects } from '../../../contracts/naming.ts';
import type { PairedCounts } from '../../../contracts/rules/sequential-test.ts';
import {
  betterAnswer,
  judgedItems,
  servedVersion,
  shadowVersion,
} from '../../../contracts/rules/shadow-trial.ts';
import { parseJsonLines } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { countOnce } from '../../shared/stores/count-once.ts';
import type { ResultStore } from '../../shared/stores/result-store.ts';
import type { TaskStore } from '../../shared/stores/task-store.ts';
import type { TrialStore } from '../../shared/stores/trial-store.ts';

export interface CountDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly trials: TrialStore;
  readonly work: ObjectStore;
}

type ExplicitlyJudged = Extract<Result, { verdict: 'accepted' | 'rejected' }>;

/** The counter is one item, written once per judged task. */
const ATTEMPTS = 30;

/**
 * Counts the explicit verdict on a task in each running trial whose shadow version has answered it; silence counts for
 * nobody. Idempotent. Called after a verdict and after answers in shadow, whichever comes last.
 */
export async function countPairs(deps: CountDependencies, taskId: string, resultId: string): Promise<void> {
  const trials = (await deps.trials.newest()).filter((trial) => trial.status === 'running');
  if (trials.length === 0) return;
  const [task, result] = await Promise.all([
    deps.tasks.get(taskId, { consistent: true }),
    deps.results.get(resultId, { consistent: true }),
  ]);
  if (!task?.allow_training || !result || !('feedback' in result)) return;
  for (const trial of trials) {
    if (result.model_version !== servedVersion(trial)) continue;
    const shadow = await shadowAnswers(deps.work, taskId, trial);
    if (shadow) await countIn(deps, trial, task, result, shadow);
  }
}

async function shadowAnswers(
  work: ObjectStore,
  taskId: string,
  trial: RunningTrial,
): Promise<ShadowAnswers | undefined> {
  const key = objects.shadowAnswers(taskId, shadowVersion(trial));
  if ((await work.size(key)) === undefined) return undefined;
  return ShadowAnswers.parse(JSON.parse(await work.text(key)));
}

async function countIn(
  deps: CountDependencies,
  trial: RunningTrial,
  task: Task,
  result: ExplicitlyJudged,
  shadow: ShadowAnswers,
): Promise<void> {
  const pairs = await pairsOf(deps.work, trial, task, result, shadow);
  if (judgedItems(pairs) === 0) return;
  await countOnce(
    [{ task_id: task.id }],
    async () => {
      const current: ShadowTrial | undefined = await deps.trials.get(trial.purpose, trial.candidate);
      return current?.status === 'running' ? deps.trials.count(current, task, pairs) : 'written';
    },
    { attempts: ATTEMPTS, counter: `the ${trial.purpose} of version ${trial.candidate}` },
  );
}

async function pairsOf(
  work: ObjectStore,
  trial: RunningTrial,
  task: Task,
  { parts, feedback }: ExplicitlyJudged,
  shadow: ShadowAnswers,
): Promise<PairedCounts> {
  const read = async <S extends z.ZodType>(key: string | undefined, schema: S): Promise<z.output<S>[]> =>
    key === undefined ? [] : z.array(schema).parse(parseJsonLines(await work.text(key)));
  // Items are sampled from the first chunk.
  const served = await read(parts[0]?.key, ResultItem);
  const corrections = await read(feedback.corrections_key, Correction);
  const correctionOf = new Map(corrections.map((correction) => [correction.item_id, correction]));
  const servedOf = new Map(served.map((item) => [item.id, item]));
  const better = shadow.items.map(({ id, prediction }) => {
    const item = servedOf.get(id);
    if (!item || (item.answered_by ?? DUKE_MM) !== DUKE_MM) return undefined;
    const correction = correctionOf.get(id);
    return betterAnswer({
      kind: task.kind,
      served: item.prediction,
      shadow: prediction,
      expected: correction?.expected,
      refused: correction !== undefined,
    });
  });
  const count = (outcome: 'served' | 'shadow' | 'tie'): number =>
    better.filter((found) => found === outcome).length;
  const shadowIsCandidate = trial.purpose === 'canary';
  return {
    wins: count(shadowIsCandidate ? 'shadow' : 'served'),
    losses: count(shadowIsCandidate ? 'served' : 'shadow'),
    ties: count('tie'),
  };
}
