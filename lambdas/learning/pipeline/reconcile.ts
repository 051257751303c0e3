import { MINUTE } from '../../shared/clock.ts';
import { conclude } from './conclude.ts';
import type { ConcludeDependencies } from './conclude.ts';

/** Time that a request may take from acquiring the lock to starting the execution. */
const GRACE_MS = MINUTE;

/**
 * Releases locks that no step of an execution releases: an execution that was aborted or timed out skips its last steps,
 * and one that was never started has none. Runs when an execution ends, and every five minutes.
 * @returns what it did, for the log
 */
export async function reconcile(deps: ConcludeDependencies): Promise<string> {
  const lock = await deps.locks.lock();
  if (!lock) return 'free';
  const now = deps.clock().getTime();
  const expired = now > Date.parse(lock.expires_at);
  const status = await deps.executions.status(lock.run_id);
  if (status === undefined && !expired) {
    if (now - Date.parse(lock.acquired_at) < GRACE_MS) return 'starting';
    await deps.executions.start(lock.run_id);
    return 'started again';
  }
  if (status === 'RUNNING' && !expired) return 'running';
  if (status === 'RUNNING') await deps.executions.stop(lock.run_id, 'past the time of its lock');
  const what = status === undefined ? 'was never started' : `ended as ${status}`;
  await conclude(deps, {
    run_id: lock.run_id,
    outcome: 'failed',
    step: 'execution',
    error: status ?? 'NOT_STARTED',
    cause: `The execution ${what} and had not released its lock.`,
  });
  return 'released';
}
