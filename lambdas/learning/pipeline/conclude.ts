import type { TrainingRun } from '../../../contracts/entities/run.ts';
import type { TrainingState } from '../../../contracts/entities/training.ts';
import type { Conclusion } from '../../../contracts/learning/steps.ts';
import { idFrom } from '../../shared/ids.ts';
import { logger } from '../../shared/logger.ts';
import { retry, RetryableError } from '../../shared/retry.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { Jobs } from './jobs.ts';
import { outcomesOf } from '../triggers/progress.ts';
import { newRun } from '../triggers/request-run.ts';
import type { RequestDependencies } from '../triggers/request-run.ts';

export interface ConcludeDependencies extends RequestDependencies {
  readonly runs: RunStore;
  readonly jobs: Jobs;
}

const RELEASE_ATTEMPTS = 10;
/** Maximum length of a stored error cause in characters; a cause may be a whole stack trace. */
const MAX_CAUSE_LENGTH = 2000;

/**
 * Ends a run: stores its outcome and the state for the next run, then hands the lock to a run requested meanwhile or
 * releases it. Idempotent, also after a crash at any point.
 */
export async function conclude(deps: ConcludeDependencies, end: Conclusion): Promise<void> {
  const run = await deps.runs.get(end.run_id);
  if (run && !('finished_at' in run)) {
    if (end.outcome === 'failed') await deps.jobs.stop(run.id);
    await endVersion(deps, run, end);
    await endRun(deps, run, end);
  }
  await releaseLock(deps, end.run_id);
}

async function endVersion(deps: ConcludeDependencies, run: TrainingRun, end: Conclusion): Promise<void> {
  if (run.version === undefined || end.outcome === 'promoted') return;
  if (await deps.models.updateCandidate(run.version, { state: 'archived' })) return;
  if (end.outcome !== 'failed') return;
  await deps.models.register({
    version: run.version,
    state: 'failed',
    parent: run.parent,
    created_at: deps.clock().toISOString(),
    run_id: run.id,
    failure_reason: `${end.step}: ${end.cause || end.error}`.slice(0, MAX_CAUSE_LENGTH),
  });
}

async function endRun(deps: ConcludeDependencies, run: TrainingRun, end: Conclusion): Promise<void> {
  const at = deps.clock().toISOString();
  const ended = { finished_at: at, updated_at: at };
  switch (end.outcome) {
    case 'promoted':
      await deps.locks.finish(
        run.id,
        { status: 'promoted', ...ended },
        stateAfter(await deps.locks.state(), run, 0),
      );
      break;
    case 'archived': {
      const state = await deps.locks.state();
      await deps.locks.finish(
        run.id,
        { status: 'archived', code: end.code, reasons: end.reasons, ...ended },
        end.code === 'gate_failed' || end.code === 'canary_failed'
          ? stateAfter(state, run, state.failed_gates + 1)
          : undefined,
      );
      break;
    }
    case 'failed': {
      const failure = { step: end.step, error: end.error, cause: end.cause.slice(0, MAX_CAUSE_LENGTH) };
      await deps.locks.finish(run.id, { status: 'failed', failure, ...ended }, undefined);
      logger.error('training run failed', { run_id: run.id, ...failure });
    }
  }
}

const stateAfter = (state: TrainingState, run: TrainingRun, failedGates: number): TrainingState => ({
  ...state,
  trained_until: run.data?.window.to ?? state.trained_until,
  outcomes_at_training: run.data?.outcomes_total ?? state.outcomes_at_training,
  failed_gates: failedGates,
});

/** The id of the run that follows another one. */
const successorOf = (runId: string): string => idFrom('training-run-after', runId);

/** Releases the lock of a run that has ended, or hands it to the run that was requested meanwhile. */
const releaseLock = (deps: ConcludeDependencies, runId: string): Promise<void> =>
  retry(
    async () => {
      const next = successorOf(runId);
      const [lock, state] = await Promise.all([deps.locks.lock(), deps.locks.state()]);
      if (lock?.run_id === next) return deps.executions.start(next);
      if (lock?.run_id !== runId) return;
      const { pending } = lock;
      // A trigger whose outcomes this run has already learned from starts no further run.
      const covered = pending && (outcomesOf(pending) ?? Infinity) <= state.outcomes_at_training;
      if (!pending || covered) {
        if (await deps.locks.release(runId, pending)) return;
      } else if (await deps.locks.release(runId, pending, await newRun(deps, next, pending))) {
        return deps.executions.start(next);
      }
      throw new RetryableError(`the lock of run ${runId} changed while it was being released`);
    },
    { attempts: RELEASE_ATTEMPTS },
  );
