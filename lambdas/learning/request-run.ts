import type { TrainingRun, TrainingTrigger } from '../../contracts/entities/run.ts';
import type { TrainingLock } from '../../contracts/entities/training.ts';
import { HOUR, later } from '../shared/clock.ts';
import type { Clock } from '../shared/clock.ts';
import { idFrom } from '../shared/ids.ts';
import type { ModelStore } from '../shared/stores/model-store.ts';
import type { TrainingLockStore } from '../shared/stores/training-lock-store.ts';
import type { Executions } from './executions.ts';

export interface RequestDependencies {
  readonly locks: TrainingLockStore;
  readonly models: ModelStore;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** An hour more than the state machine's own TimeoutSeconds: then no execution can be running any more. */
export const LOCK_MS = 37 * HOUR;
/** Each try loses to somebody who began or ended a run at that very moment. */
const TRIES = 10;

export type Requested =
  | { readonly outcome: 'started'; readonly runId: string }
  /** Another run is on its way; one more follows it, whatever number of causes come up meanwhile. */
  | { readonly outcome: 'remembered'; readonly runId: string };

/** The run of a cause as it was first put down; the time tells it from a cause of the same name in another installation. */
const runIdOf = ({ key, created_at }: TrainingTrigger): string => idFrom('training-run', key, created_at);

/**
 * Starts a run for a cause, or remembers the cause while another run is on its way. Once per cause: asked again, it
 * answers what became of it, and starts the execution that a crash may have left out.
 */
export async function requestRun(deps: RequestDependencies, asked: TrainingTrigger): Promise<Requested> {
  await deps.locks.fire(asked);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const known = await deps.locks.trigger(asked.key);
    if (!known) throw new Error(`there is no trigger ${asked.key}`);
    const { handled, run_id, ...trigger } = known;
    const runId = runIdOf(trigger);
    const lock = await deps.locks.lock();
    if (handled === 'remembered') return { outcome: 'remembered', runId: run_id ?? runId };
    if (handled === 'started') {
      if (lock?.run_id === runId) await deps.executions.start(runId);
      return { outcome: 'started', runId };
    }
    if (lock) {
      const remembered = await deps.locks.remember(trigger, lock.run_id);
      if (remembered) return { outcome: 'remembered', runId: lock.run_id };
      continue;
    }
    const begun = await newRun(deps, runId, trigger);
    if (await deps.locks.begin(begun.lock, begun.run)) {
      await deps.executions.start(runId);
      return { outcome: 'started', runId };
    }
  }
  throw new Error(`the lock changed hands ${TRIES} times while ${asked.key} asked for it`);
}

/** A lock and the run that it is for. */
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
