import type { AgentStats } from '../../../contracts/entities/agent.ts';
import type { TrainingTrigger } from '../../../contracts/entities/run.ts';
import type { TrainingProgress, TrainingShard, TrainingState } from '../../../contracts/entities/training.ts';
import { HOUR } from '../../shared/clock.ts';
import { fullWindowRate, REPUTATION_WINDOW } from '../../../contracts/rules/reputation.ts';

/** Number of new outcomes that triggers a run. */
export const OUTCOMES_PER_RUN = 100;
/** A success rate of Duke MM below this, over its last 100 judged tasks, triggers a run. */
export const SUCCESS_FLOOR = 0.85;
/**
 * The success rate triggers the next run only after this many new outcomes and this much time; both double with each
 * failed gate since the last promotion.
 */
export const REARM_OUTCOMES = 50;
export const REARM_MS = 6 * HOUR;
/** Bounds the wait at 64 × 6 h = 16 days. */
const MAX_DOUBLINGS = 6;

export interface ProgressContext {
  readonly now: Date;
  readonly duke: AgentStats | undefined;
  readonly state: TrainingState;
}

/**
 * The count after a batch of outcomes, with the triggers that follow: one per multiple of 100 reached, and one if the
 * success rate of Duke MM is too low.
 */
export function advanced(
  before: TrainingProgress | undefined,
  shards: readonly TrainingShard[],
  { now, duke, state }: ProgressContext,
): { progress: TrainingProgress; triggers: TrainingTrigger[] } {
  const at = now.toISOString();
  const from = before?.outcomes_total ?? 0;
  const total = from + shards.reduce((sum, shard) => sum + shard.labels, 0);
  const triggers = multiplesIn(from, total).map((n): TrainingTrigger => ({
    key: outcomesKey(n),
    reason: 'outcomes',
    detail: `${n} outcomes`,
    created_at: at,
  }));
  const rate = lowSuccessRate(duke);
  const triggered = rate !== undefined && isArmed(before, total, state.failed_gates, now);
  if (triggered) {
    triggers.push({
      key: `success_rate-${total}`,
      reason: 'success_rate',
      detail: `${(100 * rate).toFixed(1)} % of the last ${REPUTATION_WINDOW} tasks, under ${100 * SUCCESS_FLOOR} %`,
      created_at: at,
    });
  }
  const success = triggered ? { at, outcomes_total: total } : before?.success_trigger;
  return {
    progress: {
      outcomes_total: total,
      ...(success && { success_trigger: success }),
      revision: (before?.revision ?? 0) + 1,
      updated_at: at,
    },
    triggers,
  };
}

/** Multiples of 100 above `from`, up to and including `to`. */
export function multiplesIn(from: number, to: number): number[] {
  const first = Math.floor(from / OUTCOMES_PER_RUN) + 1;
  const last = Math.floor(to / OUTCOMES_PER_RUN);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * OUTCOMES_PER_RUN);
}

const outcomesKey = (n: number): string => `outcomes-${n}`;
/** The count of outcomes in the key of a trigger; undefined for triggers of other reasons. */
export const outcomesOf = (trigger: TrainingTrigger): number | undefined =>
  trigger.reason === 'outcomes' ? Number(trigger.key.slice(outcomesKey(0).length - 1)) : undefined;

function lowSuccessRate(duke: AgentStats | undefined): number | undefined {
  const rate = fullWindowRate(duke?.recent ?? []);
  // Tolerance: the mean of a hundred times 0.85 is slightly below 0.85 in floating point.
  return rate !== undefined && rate < SUCCESS_FLOOR - 1e-9 ? rate : undefined;
}

function isArmed(
  before: TrainingProgress | undefined,
  total: number,
  failedGates: number,
  now: Date,
): boolean {
  const last = before?.success_trigger;
  if (!last) return true;
  const factor = 2 ** Math.min(failedGates, MAX_DOUBLINGS);
  return (
    total - last.outcomes_total >= REARM_OUTCOMES * factor &&
    now.getTime() - Date.parse(last.at) >= REARM_MS * factor
  );
}
