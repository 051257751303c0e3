import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Odds } from '../../contracts/entities/quote.ts';
import { betaQuantile } from './beta.ts';
import { successPosterior } from './selection.ts';

/** The interval holds the outcome in 9 of 10 tasks. */
const TAIL = 0.05;
/** A Beta distribution has no mass at 0 and 1 themselves. */
const EXTREME = 0.005;
/** Standard deviation between tasks of their outcome around the calibrated confidence, where examples calibrate it (`npm run bench:quotes`). */
const CALIBRATION_STD = 0.07;
/** The same where Duke MM has neither examples nor confirmed items. */
const UNINFORMED_STD = 0.2;
/** Smallest total of the parameters of a Beta distribution that is used; a single item is right or wrong. */
const MIN_CONCENTRATION = 2;

export interface Sampled {
  /** Confidences of the answers to the sample. */
  readonly confidences: readonly number[];
  readonly itemCount: number;
  /** Whether Duke MM has examples or confirmed items to learn the question from. */
  readonly informed: boolean;
}

interface Beta {
  readonly a: number;
  readonly b: number;
}

/**
 * Odds of Duke MM from its calibrated confidences on a random sample of the items: the expected share of right answers. The
 * interval is of the share that will be right, so it is wide for a task of few items.
 */
export function measuredOdds(sampled: Sampled): Odds {
  const { p, expected } = expectation(sampled);
  const outcomes = (p * (1 - p)) / sampled.itemCount;
  const { a, b } = betaOf(p, expected + outcomes);
  return { ...oddsOf({ a, b }, p), basis: 'measured', sampled_count: sampled.confidences.length };
}

/** Lower bound of the expected share, by which Duke MM is compared with agents: the luck of a single task does not count. */
export function measuredLowerBound(sampled: Sampled): number {
  const { p, expected } = expectation(sampled);
  const { a, b } = betaOf(p, expected);
  return betaQuantile(TAIL, a, b);
}

/**
 * Expected share of right answers and its variance: that of the mean of a sample without replacement, and that of the
 * calibration between tasks.
 */
function expectation({ confidences, itemCount, informed }: Sampled): { p: number; expected: number } {
  const m = confidences.length;
  const mean = confidences.reduce((sum, c) => sum + c, 0) / m;
  const p = Math.min(1 - EXTREME, Math.max(EXTREME, mean));
  const spread = m < 2 ? p * (1 - p) : confidences.reduce((sum, c) => sum + (c - mean) ** 2, 0) / (m - 1);
  const sampling = (spread / m) * (1 - m / itemCount);
  return { p, expected: sampling + (informed ? CALIBRATION_STD : UNINFORMED_STD) ** 2 };
}

/** The Beta distribution with this mean and variance. */
function betaOf(mean: number, variance: number): Beta {
  const total = Math.max(MIN_CONCENTRATION, (mean * (1 - mean)) / variance - 1);
  return { a: mean * total, b: (1 - mean) * total };
}

/** Odds of an agent from its judged tasks in the family and its prior. */
export function recordedOdds(candidate: Candidate): Odds {
  const { successes, failures } = successPosterior(candidate);
  const mean = successes / (successes + failures);
  return { ...oddsOf({ a: successes, b: failures }, mean), basis: 'record', sampled_count: 0 };
}

const oddsOf = ({ a, b }: Beta, mean: number): Pick<Odds, 'success_probability' | 'interval'> => ({
  success_probability: rounded(mean),
  interval: [rounded(betaQuantile(TAIL, a, b)), rounded(betaQuantile(1 - TAIL, a, b))],
});

/** Four decimals, as the selection shows them. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
