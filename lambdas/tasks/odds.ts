import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Odds } from '../../contracts/entities/quote.ts';
import { betaQuantile } from './beta.ts';
import { successPosterior } from './selection.ts';

/** Nominal coverage of the interval of the odds. */
const TAIL = 0.05;
/** Keeps means away from 0 and 1, where a Beta distribution is undefined. */
const EXTREME = 0.005;
/**
 * Fitted to the outcomes of 500 tasks of five domains, and the share without examples to 155 tasks of ten more
 * (`npm run bench:quotes`, `docs/benchmarks/quotes.md`).
 *
 * Standard deviation, between tasks, of accuracy minus stated odds: `PER_ROOT / sqrt(n)` for n examples and confirmed items,
 * within the bounds.
 */
const CALIBRATION_STD = { perRoot: 0.4, min: 0.05, max: 0.2 };
/**
 * Without examples the confidence above chance is overstated, since it comes from the wording alone: this share of it holds.
 * The rest comes with examples, a quarter of what is left with each.
 */
const UNINFORMED_SHARE = 0.3;
const REMAINING_PER_EXAMPLE = 0.76;
/** Minimum sum of the parameters of the Beta distribution: a single item is either right or wrong. */
const MIN_CONCENTRATION = 2;

export interface Sampled {
  /** Confidences of the sampled answers. */
  readonly confidences: readonly number[];
  readonly itemCount: number;
  /** Examples and confirmed items of the question that Duke MM has. */
  readonly knownCount: number;
  /** Number of labels; undefined for other kinds of answers. */
  readonly labelCount: number | undefined;
}

interface Beta {
  readonly a: number;
  readonly b: number;
}

/**
 * Odds of Duke MM from its calibrated confidences on a random sample of the items: the expected accuracy. The
 * interval is that of the realized accuracy, so it is wide for a task of few items.
 */
export function measuredOdds(sampled: Sampled): Odds {
  const { p, expected } = expectation(sampled);
  const outcomes = (p * (1 - p)) / sampled.itemCount;
  const { a, b } = betaOf(p, expected + outcomes);
  return { ...oddsOf({ a, b }, p), basis: 'measured', sampled_count: sampled.confidences.length };
}

/**
 * Lower bound of the expected accuracy, which is compared with agents: the sampling noise of a single task is left
 * out.
 */
export function measuredLowerBound(sampled: Sampled): number {
  const { p, expected } = expectation(sampled);
  const { a, b } = betaOf(p, expected);
  return betaQuantile(TAIL, a, b);
}

/**
 * Expected accuracy and its variance: sampling variance of a mean without replacement, plus the variance of the
 * calibration between tasks.
 */
function expectation({ confidences, itemCount, knownCount, labelCount }: Sampled): {
  p: number;
  expected: number;
} {
  const m = confidences.length;
  const mean = confidences.reduce((sum, c) => sum + c, 0) / m;
  const p = Math.min(1 - EXTREME, Math.max(EXTREME, withoutExcess(mean, knownCount, labelCount)));
  const spread = m < 2 ? p * (1 - p) : confidences.reduce((sum, c) => sum + (c - mean) ** 2, 0) / (m - 1);
  const sampling = (spread / m) * (1 - m / itemCount);
  return { p, expected: sampling + calibrationStd(knownCount) ** 2 };
}

function calibrationStd(knownCount: number): number {
  const { perRoot, min, max } = CALIBRATION_STD;
  return Math.min(max, Math.max(min, perRoot / Math.sqrt(knownCount)));
}

/** The mean confidence, less what it overstates where there are few examples. */
function withoutExcess(mean: number, knownCount: number, labelCount: number | undefined): number {
  if (labelCount === undefined) return mean;
  const chance = 1 / labelCount;
  const share = 1 - (1 - UNINFORMED_SHARE) * REMAINING_PER_EXAMPLE ** knownCount;
  return mean > chance ? chance + share * (mean - chance) : mean;
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

/** Four decimals, as in the selection. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
