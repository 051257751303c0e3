import type { Clock } from '../../shared/clock.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';

/**
 * The lock was taken together with the run's record, when it was asked for. The first step makes sure that it is still
 * this run's: an execution that somebody starts by hand, or once more, ends here.
 * @throws Error
 */
export async function begin(
  deps: { readonly runs: RunStore; readonly locks: TrainingLockStore; readonly clock: Clock },
  runId: string,
): Promise<void> {
  const lock = await deps.locks.lock();
  if (lock?.run_id !== runId) {
    throw new Error(`run ${runId} does not hold the lock; ${lock ? `${lock.run_id} does` : 'nobody does'}`);
  }
  const updated_at = deps.clock().toISOString();
  if (!(await deps.runs.update(runId, { status: 'preparing', updated_at }))) {
    throw new Error(`run ${runId} has ended`);
  }
}
