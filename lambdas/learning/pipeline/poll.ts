import type { JobState, PollInput } from '../../../contracts/learning/steps.ts';
import { objects } from '../../../contracts/naming.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { Jobs } from './jobs.ts';
import { activeRun } from './run-of.ts';
import { parseTrainingLog } from './training-log.ts';
import type { TrainingLog } from './training-log.ts';

export interface PollDependencies {
  readonly runs: RunStore;
  readonly jobs: Jobs;
  readonly work: ObjectStore;
  readonly clock: Clock;
}

/** Larger training logs are not read. A log of 500 epochs has about 100 KB. */
const MAX_LOG_BYTES = 4 << 20;

/**
 * Returns the status of a run's job. For a training job it also stores new epochs and the unusable inputs in the run's
 * record, which the web page shows.
 */
export async function poll(deps: PollDependencies, { run_id, job }: PollInput): Promise<JobState> {
  const run = await activeRun(deps.runs, run_id);
  const { status, cause } = await (job === 'training'
    ? deps.jobs.training(run_id)
    : deps.jobs.evaluation(run_id));
  if (job === 'training') {
    const { curves, unusable } = await logOf(deps.work, run_id);
    const hasNewEpochs =
      curves.length !== run.curves.length || curves.at(-1)?.epoch !== run.curves.at(-1)?.epoch;
    if (hasNewEpochs || (unusable && !run.unusable?.train)) {
      await deps.runs.update(run_id, {
        status: run.status,
        curves,
        ...(unusable && { unusable: { ...run.unusable, train: unusable } }),
        updated_at: deps.clock().toISOString(),
      });
    }
  }
  return { status, ...(cause !== undefined && { cause }) };
}

async function logOf(work: ObjectStore, runId: string): Promise<TrainingLog> {
  const key = objects.trainingLog(runId);
  const size = await work.size(key);
  return parseTrainingLog(size === undefined || size > MAX_LOG_BYTES ? '' : await work.text(key));
}
