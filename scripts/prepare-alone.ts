import type { TrainingRun } from '../contracts/entities/run.ts';
import type { Prepared } from '../contracts/learning/steps.ts';
import type { ListFiles } from '../lambdas/learning/outcomes/outcome-files.ts';
import { prepare } from '../lambdas/learning/pipeline/prepare.ts';
import type { ObjectStore } from '../lambdas/shared/objects.ts';

/** Id of the run whose data set is written. */
export const RUN_ID = '00000000-0000-4000-8000-00000000000a';

/** Runs the prepare step of a first training run over outcome files, with a fixed clock and no table to record progress in. */
export async function prepareAlone(work: ObjectStore, listFiles: ListFiles, now: string): Promise<Prepared> {
  const run: TrainingRun = {
    id: RUN_ID,
    status: 'preparing',
    trigger: { key: 'admin-prepare', reason: 'admin', detail: 'prepare step alone', created_at: now },
    parent: null,
    curves: [],
    created_at: now,
    updated_at: now,
  };
  const state = {
    trained_until: null,
    outcomes_at_training: 0,
    reservoir_manifest: null,
    failed_gates: 0,
  };
  return prepare(
    {
      runs: { update: async () => true },
      locks: { state: async () => state, saveState: async () => true },
      models: { version: async () => undefined },
      training: { progress: async () => undefined },
      work,
      listFiles,
      clock: () => new Date(now),
      minNewLabels: 1,
      reportUnusable: () => undefined,
    },
    run,
  );
}
