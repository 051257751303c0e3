import type { TrainingRun, TrainingTrigger } from '../../../contracts/entities/run.ts';
import type { TrainingLock } from '../../../contracts/entities/training.ts';
import { HOUR, later } from '../../shared/clock.ts';
import type { Clock } from '../../shared/clock.ts';
import { idFrom } from '../../shared/ids.ts';
import { retry, RetryableError } from '../../shared/retry.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';
import type { Executions } from './executions.ts';

export interface RequestDependencies {
  readonly locks: TrainingLockStore;
  readonly models: ModelStore;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** One hour longer than the state machine's TimeoutSeconds, after which no execution can still be running. */
export const LOCK_MS = 45 * HOUR;
/** An attempt fails when another run begins or ends during it. */
const ATTEMPTS = 10;

export type Requested =
  | { readonly outcome: 'started'; readonly runId: string }
  /** Another run is active; one run follows it, however many triggers fire meanwhile. */
  | { readonly outcome: 'remembered'; readonly runId: string };

/**
 * Id of the run that a trigger starts. `created_at` distinguishes it from a trigger with the same key in another
 * installation.
 */
const runIdOf = ({ key, created_at }: TrainingTrigger): string => idFrom('training-run', key, created_at);

/**
 * Starts a run for a trigger, or remembers the trigger while another run is active. Idempotent per trigger: a repeated call
 * returns the first outcome, and starts the execution if the first call died before it did.
 */
export async function requestRun(deps: RequestDependencies, requested: TrainingTrigger): Promise<Requested> {
  await deps.locks.fire(requested);
  return retry(() => startOrRemember(deps, requested.key), { attempts: ATTEMPTS });
}

async function startOrRemember(deps: RequestDependencies, key: string): Promise<Requested> {
  const stored = await deps.locks.trigger(key);
  if (!stored) throw new Error(`there is no trigger ${key}`);
  const { handled, run_id, ...trigger } = stored;
  const runId = runIdOf(trigger);
  const lock = await deps.locks.lock();
  if (handled === 'remembered') return { outcome: 'remembered', runId: run_id ?? runId };
  if (handled === 'started') {
    if (lock?.run_id === runId) await deps.executions.start(runId);
    return { outcome: 'started', runId };
  }
  if (lock) {
    if (await deps.locks.remember(trigger, lock.run_id)) return { outcome: 'remembered', runId: lock.run_id };
  } else {
    const begun = await newRun(deps, runId, trigger);
    if (await deps.locks.begin(begun.lock, begun.run)) {
      await deps.executions.start(runId);
      return { outcome: 'started', runId };
    }
  }
  throw new RetryableError(`the training lock changed hands while trigger ${key} requested it`);
}

/** A new run with the lock that it holds. */
export async function newRun(
  deps: Pick<RequestDependencies, 'models' | 'clock'>,
  id: string,
  trigger: TrainingTrigger,
): Promise<{ lock: TrainingLock; run: TrainingRun }> {
  const now = deps.clock();
  const at = now.toISOString();
  const routing = await deps.models.routing({ consistent: true });
  return {
    lock: { run_id: id, acquired_at: at, expires_at: later(now, LOCK_MS) },
    run: {
      id,
      status: 'starting',
      trigger,
      parent: routing?.production ?? null,
      curves: [],
      created_at: at,
      updated_at: at,
    },
  };
}
