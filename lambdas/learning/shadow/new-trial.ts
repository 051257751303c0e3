import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import { later } from '../../shared/clock.ts';

/** When a trial ends although its test is undecided, and who decides. */
export interface TrialBounds {
  readonly seconds: number;
  readonly maxItems: number;
  /** Whether the verdicts of one buyer may decide. */
  readonly soleBuyerDecides: boolean;
}

/** A trial that starts now, without judged items. */
export const newTrial = (
  versions: Pick<RunningTrial, 'purpose' | 'candidate' | 'baseline'>,
  { seconds, maxItems, soleBuyerDecides }: TrialBounds,
  now: Date,
): RunningTrial => ({
  ...versions,
  status: 'running',
  wins: 0,
  losses: 0,
  ties: 0,
  max_buyer_wins: 0,
  max_buyer_losses: 0,
  sole_buyer_decides: soleBuyerDecides,
  tasks: 0,
  max_items: maxItems,
  started_at: now.toISOString(),
  ends_at: later(now, 1000 * seconds),
  revision: 1,
});
