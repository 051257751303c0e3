import type { RunningTrial, ShadowTrial } from '../entities/shadow-trial.ts';
import type { Kind } from '../entities/common.ts';
import { isSameAnswer } from './correction.ts';
import { compare, comparisonOf } from './sequential-test.ts';
import type { Comparison, PairedCounts, SequentialResult } from './sequential-test.ts';

/** Chance of a wrong decision of one trial, and the difference below which two versions count as equal (docs/adr/0069). */
export const TRIAL_TEST = { alpha: 0.05, margin: 0.01 } as const;
/** Items of one task that the shadow version answers: items of one task resemble each other, and each costs time. */
export const MAX_ITEMS_PER_TASK = 25;

type Versions = Pick<ShadowTrial, 'purpose' | 'candidate' | 'baseline'>;
export const shadowVersion = ({ purpose, candidate, baseline }: Versions): string =>
  purpose === 'canary' ? candidate : baseline;
/** The version whose answers buyers get. */
export const servedVersion = ({ purpose, candidate, baseline }: Versions): string =>
  purpose === 'canary' ? baseline : candidate;

export const judgedItems = ({ wins, losses, ties }: PairedCounts): number => wins + losses + ties;

type TrialCounts = PairedCounts &
  Pick<ShadowTrial, 'max_buyer_wins' | 'max_buyer_losses' | 'sole_buyer_decides'>;

/**
 * The candidate compared with the baseline. Undecided if the verdict depends on one buyer, so that no account alone can
 * promote a version or have one rolled back.
 */
export function trialResult(trial: TrialCounts): SequentialResult {
  const result = compare(trial, TRIAL_TEST);
  return dependsOnOneBuyer(trial, result.comparison) ? { ...result, comparison: 'undecided' } : result;
}

/** Leaves out what the most influential buyer has contributed to a comparison, but not what that buyer said against it. */
function dependsOnOneBuyer(trial: TrialCounts, comparison: Comparison): boolean {
  const { wins, losses, ties, max_buyer_wins, max_buyer_losses, sole_buyer_decides } = trial;
  if (sole_buyer_decides) return false;
  switch (comparison) {
    case 'better':
      return comparisonOf({ wins: wins - max_buyer_wins, losses, ties }, TRIAL_TEST) !== 'better';
    case 'worse':
      return comparisonOf({ wins, losses: losses - max_buyer_losses, ties }, TRIAL_TEST) !== 'worse';
    case 'equivalent':
    case 'undecided':
      return false;
  }
}

/** Whether a trial ends although its test is undecided. */
export const isOver = (trial: RunningTrial, now: Date): boolean =>
  now.getTime() >= Date.parse(trial.ends_at) || judgedItems(trial) >= trial.max_items;

/**
 * Whether a candidate is promoted. Equivalent: yes, since it has passed the gate and knows newer data. Undecided: it is
 * promoted once the trial is over, since the gate's evidence stands, and its predecessor watches it.
 */
export function canaryDecision(comparison: Comparison, over: boolean): 'wait' | 'promote' | 'archive' {
  if (comparison === 'worse') return 'archive';
  return comparison === 'undecided' && !over ? 'wait' : 'promote';
}

type Answer = string | number;

/** One item that both versions answered and a person judged explicitly. */
export interface JudgedPair {
  readonly kind: Kind;
  /** The answer that the buyer got. */
  readonly served: Answer;
  /** Null if the shadow version gave no answer. */
  readonly shadow: Answer | null;
  /** The correct answer according to the buyer. Absent if the buyer gave none. */
  readonly expected?: Answer | undefined;
  readonly refused: boolean;
}

/**
 * Which version answered an item correctly where the other did not. Undefined if the verdict does not tell: a refusal
 * without the correct answer says nothing about another answer, nor does the acceptance of a number or a text.
 */
export function betterAnswer(pair: JudgedPair): 'served' | 'shadow' | 'tie' | undefined {
  const { kind, served, shadow, expected, refused } = pair;
  if (shadow !== null && isSameAnswer(served, shadow)) return 'tie';
  if (expected !== undefined) {
    return kind === 'regression' ? closer(served, shadow, expected) : onlyRight(served, shadow, expected);
  }
  if (refused) return shadow === null ? 'tie' : undefined;
  return kind === 'classification' || shadow === null ? 'served' : undefined;
}

function onlyRight(served: Answer, shadow: Answer | null, expected: Answer): 'served' | 'shadow' | 'tie' {
  const servedIsRight = isSameAnswer(served, expected);
  const shadowIsRight = shadow !== null && isSameAnswer(shadow, expected);
  if (servedIsRight === shadowIsRight) return 'tie';
  return servedIsRight ? 'served' : 'shadow';
}

/** Of two numbers the one with the smaller error. */
function closer(served: Answer, shadow: Answer | null, expected: Answer): 'served' | 'shadow' | 'tie' {
  if (shadow === null) return 'served';
  const [servedError, shadowError] = [served, shadow].map((answer) =>
    Math.abs(Number(answer) - Number(expected)),
  );
  if (servedError === shadowError) return 'tie';
  return servedError! < shadowError! ? 'served' : 'shadow';
}
