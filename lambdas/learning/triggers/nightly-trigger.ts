import type { TrainingTrigger } from '../../../contracts/entities/run.ts';

/** The key names the day, so that a duplicate call by the scheduler triggers nothing more. */
export function nightlyTrigger(now: Date): TrainingTrigger {
  const at = now.toISOString();
  return {
    key: `schedule-${at.slice(0, 10)}`,
    reason: 'schedule',
    detail: `the night of ${at.slice(0, 10)}`,
    created_at: at,
  };
}
