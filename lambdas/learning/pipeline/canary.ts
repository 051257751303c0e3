import type { RunningTrial, ShadowTrial } from '../../../contracts/entities/shadow-trial.ts';
import type { CanaryState } from '../../../contracts/learning/steps.ts';
import { canaryDecision, isOver, trialResult } from '../../../contracts/rules/shadow-trial.ts';
import { trialWords } from '../../../contracts/rules/trial-words.ts';
import type { Clock } from '../../shared/clock.ts';
import { logger } from '../../shared/logger.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { TrialStore } from '../../shared/stores/trial-store.ts';
import { newTrial } from '../shadow/new-trial.ts';
import type { TrialBounds } from '../shadow/new-trial.ts';
import { trainedRun } from './run-of.ts';

export interface CanaryDependencies {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly trials: TrialStore;
  readonly clock: Clock;
  readonly canary: TrialBounds;
}

/**
 * Starts the canary of a run's candidate, or reads what it has shown so far. While it waits, the candidate answers live items
 * unseen by buyers. Idempotent.
 */
export async function canary(deps: CanaryDependencies, runId: string): Promise<CanaryState> {
  const run = await trainedRun(deps.runs, runId);
  const production = (await deps.models.routing({ consistent: true }))?.production ?? null;
  // The first version has no baseline. A version that came into production meanwhile is for the next step to find.
  if (run.parent === null || production !== run.parent) return { decision: 'promote' };
  const trial = await trialOf(deps, run.version, run.parent);
  const now = deps.clock();
  const { comparison } = trialResult(trial);
  const decision = canaryDecision(comparison, trial.status === 'ended' || isOver(trial, now));
  await deps.runs.update(runId, {
    status: 'canary',
    canary: { ...countsOf(trial), comparison },
    updated_at: now.toISOString(),
  });
  if (decision === 'wait') return { decision };
  if (trial.status === 'running' && !(await deps.trials.end(trial, now.toISOString()))) {
    // A verdict arrived since; the next look has it.
    return { decision: 'wait' };
  }
  logger.info('canary ended', { run_id: runId, decision, comparison, ...countsOf(trial) });
  return decision === 'archive' ? { decision, reasons: [trialWords(trial)] } : { decision };
}

/** Of an ended trial the counts do not change any more, so a repeated step decides as the first one did. */
async function trialOf(deps: CanaryDependencies, candidate: string, baseline: string): Promise<ShadowTrial> {
  const started: RunningTrial = newTrial(
    { purpose: 'canary', candidate, baseline },
    deps.canary,
    deps.clock(),
  );
  if (await deps.trials.start(started)) return started;
  const trial = await deps.trials.get('canary', candidate);
  if (!trial) throw new Error(`the canary of version ${candidate} is gone`);
  return trial;
}

const countsOf = ({ wins, losses, ties, tasks }: ShadowTrial) => ({ wins, losses, ties, tasks });
