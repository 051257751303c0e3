import type { Clock } from '../../shared/clock.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';

/**
 * Checks that the run still holds the lock, which it got when it was requested: an execution that was started by hand, or
 * a second time, ends here.
 * @throws Error if it does not, or if the run has ended
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
