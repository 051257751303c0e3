import type { TrainingRun } from '../../../contracts/entities/run.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';

export type ActiveRun = Exclude<TrainingRun, { finished_at: string }>;
/** A run whose candidate has a version number. */
export type TrainedRun = ActiveRun & { readonly version: string };

/** The run of a step. @throws Error if it has ended, for example because somebody stopped it */
export async function activeRun(runs: RunStore, id: string): Promise<ActiveRun> {
  const run = await runs.get(id);
  if (!run) throw new Error(`there is no run ${id}`);
  if ('finished_at' in run) throw new Error(`run ${id} has ended as ${run.status}`);
  return run;
}

/** The run of a step after training. @throws Error as `activeRun`, and if the candidate has no version number yet */
export async function trainedRun(runs: RunStore, id: string): Promise<TrainedRun> {
  const run = await activeRun(runs, id);
  if (run.version === undefined) throw new Error(`run ${id} has no candidate yet`);
  return { ...run, version: run.version };
}
