import type { ShadowTrial } from '../entities/shadow-trial.ts';
import { compare } from './sequential-test.ts';
import { judgedItems, TRIAL_TEST } from './shadow-trial.ts';

const points = (share: number): string => (100 * share).toFixed(1).replace('-', '−');

/** What a trial has shown, as a sentence for administrators. */
export function trialWords(
  trial: Pick<ShadowTrial, 'candidate' | 'baseline' | 'wins' | 'losses' | 'ties'>,
): string {
  const { candidate, baseline, wins, losses } = trial;
  const { difference, lower, upper } = compare(trial, TRIAL_TEST);
  return (
    `Of ${judgedItems(trial)} items that people judged, only version ${candidate} was right on ${wins} and only version ` +
    `${baseline} on ${losses}: a difference of ${points(difference)} points (${points(lower)} to ${points(upper)}).`
  );
}
