import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import { isOver, trialResult } from '../../../contracts/rules/shadow-trial.ts';
import { trialWords } from '../../../contracts/rules/trial-words.ts';
import type { Clock } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { TrialStore } from '../../shared/stores/trial-store.ts';

export interface WatchDependencies {
  readonly models: ModelStore;
  readonly trials: TrialStore;
  readonly clock: Clock;
  /** Tells operators that a version was rolled back. */
  readonly reportRollback: () => void;
}

/**
 * Ends the watch over the version in production once its test has decided or it is over. A version that is worse than
 * the one that it replaced is rolled back. Idempotent.
 * @throws Error if the routing or the trial changed meanwhile
 */
export async function concludeWatch(deps: WatchDependencies): Promise<void> {
  const watch = (await deps.trials.newest()).find(({ purpose }) => purpose === 'watch');
  if (watch?.status !== 'running') return;
  const { comparison } = trialResult(watch);
  if (comparison === 'worse') return rollBack(deps, watch);
  const now = deps.clock();
  if (comparison === 'undecided' && !isOver(watch, now)) return;
  await deps.trials.end(watch, now.toISOString());
  logger.info('watch ended', { candidate: watch.candidate, baseline: watch.baseline, comparison });
}

async function rollBack(deps: WatchDependencies, watch: RunningTrial): Promise<void> {
  const { candidate, baseline } = watch;
  const at = deps.clock().toISOString();
  const [routing, model] = await Promise.all([
    deps.models.routing({ consistent: true }),
    deps.models.version(baseline, { consistent: true }),
  ]);
  if (!routing || routing.production !== candidate || !model || model.state === 'failed') {
    // An administrator or a later run was faster.
    await deps.trials.end(watch, at);
    return;
  }
  const promotion = {
    revision: routing.revision + 1,
    version: baseline,
    previous: candidate,
    by: 'watch',
    reason: trialWords(watch),
    at,
  } as const;
  if (!(await deps.models.rollBack(promotion, model.kinds, watch))) {
    throw new Error(`the routing changed while version ${candidate} was being rolled back`);
  }
  deps.reportRollback();
  logger.error('version rolled back', promotion);
}
