import { shardOf } from '../../../contracts/naming.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { evaluationJob, trainingJob } from './job-requests.ts';
import type { EvaluationSettings, JobSettings, TrainingSettings } from './job-requests.ts';
import type { Jobs } from './jobs.ts';
import { activeRun, trainedRun } from './run-of.ts';

export interface JobDependencies<S extends JobSettings> {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly settings: S;
}

const seedOf = (runId: string): number => shardOf(runId, 2 ** 31);

/** Allocates the version number of the candidate and starts its training. Idempotent. */
export async function train(deps: JobDependencies<TrainingSettings>, runId: string): Promise<void> {
  const { parent } = await activeRun(deps.runs, runId);
  const version = await deps.models.allocate(runId);
  if (version === undefined) throw new Error(`run ${runId} has ended`);
  await deps.jobs.createTraining(trainingJob(deps.settings, { runId, version, parent, seed: seedOf(runId) }));
  await deps.runs.update(runId, { status: 'training', updated_at: deps.clock().toISOString() });
}

/** Starts the evaluation of the candidate, in a separate job, so that training code does not evaluate itself. */
export async function evaluate(deps: JobDependencies<EvaluationSettings>, runId: string): Promise<void> {
  const { parent, version } = await trainedRun(deps.runs, runId);
  await deps.jobs.createEvaluation(
    evaluationJob(deps.settings, { runId, version, parent, seed: seedOf(runId) }),
  );
  await deps.runs.update(runId, { status: 'evaluating', updated_at: deps.clock().toISOString() });
}
