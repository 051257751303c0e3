import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelStore } from '../../lambdas/shared/stores/model-store.ts';
import type { RunStore } from '../../lambdas/shared/stores/run-store.ts';
import type { TrainingLockStore } from '../../lambdas/shared/stores/training-lock-store.ts';
import { ScriptError, say } from './command-line.ts';

export interface Pipeline {
  readonly models: ModelStore;
  readonly locks: TrainingLockStore;
  readonly runs: RunStore;
}

const POLL_MS = 2_000;

/**
 * Lets the training pipeline make the first version: its run has a trigger like any other, trains on nothing, is
 * compared with nothing, and is promoted. Waits for an active run.
 * @throws ScriptError if the run ends without a version in production
 */
export async function bootstrapByRun({ models, locks, runs }: Pipeline): Promise<void> {
  if (await models.routing()) return;
  const created_at = new Date().toISOString();
  const key = `bootstrap-${created_at}`;
  if (!(await locks.lock())) {
    await locks.fire({ key, reason: 'bootstrap', detail: 'the first version', created_at });
  }
  let said: string | undefined;
  for (let runId: string | undefined; ; await sleep(POLL_MS)) {
    runId ??= (await locks.lock())?.run_id ?? (await locks.trigger(key))?.run_id;
    const run = runId === undefined ? undefined : await runs.get(runId);
    if (run && run.status !== said) say(`Run ${run.id}: ${run.status}`);
    said = run?.status;
    if (run?.status === 'promoted') return;
    if (run?.status === 'failed') throw new ScriptError(`${run.failure.step}: ${run.failure.cause}`);
    if (run?.status === 'archived') throw new ScriptError(run.reasons.join(' '));
  }
}
