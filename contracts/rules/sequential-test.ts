/**
 * Anytime-valid comparison of two versions that answered the same items. The derivation is in
 * docs/adr/0068-sequential-test.md.
 */

/** Items that both versions answered and a person judged. */
export interface PairedCounts {
  /** Only the first version was right. */
  readonly wins: number;
  /** Only the second version was right. */
  readonly losses: number;
  /** Both were right or both were wrong. */
  readonly ties: number;
}

export interface TestSettings {
  /** Probability of a wrong decision, however often the counts are looked at. */
  readonly alpha: number;
  /** Difference in the share of right answers below which two versions count as equal. */
  readonly margin: number;
}

export type Comparison = 'better' | 'worse' | 'equivalent' | 'undecided';

export interface SequentialResult {
  readonly comparison: Comparison;
  /** Observed difference in the share of right answers, first minus second version; 0 without items. */
  readonly difference: number;
  /** Confidence sequence of the difference: contains it at all times with probability 1 − alpha. */
  readonly lower: number;
  readonly upper: number;
}

/** Fractions of the largest admissible bet: midpoints of equal cells of (0, 1), each with the same share of the capital. */
const BET_FRACTIONS = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
/** Halvings of (−1, 1): bounds are exact to 1e-9. */
const BISECTIONS = 31;

/**
 * Natural logarithm of the e-process against "the difference is at most `mean`": the capital of a bettor who bets on a
 * larger difference. Never increases with `mean`. Its expectation is at most 1 under that hypothesis, at any stopping time.
 * @param mean in (−1, 1)
 */
export function logEvidenceAbove(mean: number, { wins, losses, ties }: PairedCounts): number {
  const logs = BET_FRACTIONS.map(
    (fraction) =>
      weighted(wins, (fraction * (1 - mean)) / (1 + mean)) +
      weighted(losses, -fraction) +
      weighted(ties, (-fraction * mean) / (1 + mean)),
  );
  const max = Math.max(...logs);
  return max + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - max), 0) / logs.length);
}

const weighted = (count: number, gain: number): number => (count === 0 ? 0 : count * Math.log1p(gain));

/**
 * What the evidence says about the first version compared with the second. May be called after every item: the probability
 * that it ever says something wrong is at most alpha.
 */
export function comparisonOf(counts: PairedCounts, { alpha, margin }: TestSettings): Comparison {
  const threshold = Math.log(2 / alpha);
  const swapped = { wins: counts.losses, losses: counts.wins, ties: counts.ties };
  const isAbove = (mean: number): boolean => logEvidenceAbove(mean, counts) >= threshold;
  const isBelow = (mean: number): boolean => logEvidenceAbove(-mean, swapped) >= threshold;
  if (isAbove(0)) return 'better';
  if (isBelow(0)) return 'worse';
  return isAbove(-margin) && isBelow(margin) ? 'equivalent' : 'undecided';
}

/** The comparison with the observed difference and its confidence sequence. */
export function compare(counts: PairedCounts, settings: TestSettings): SequentialResult {
  const { wins, losses, ties } = counts;
  const items = wins + losses + ties;
  return {
    comparison: comparisonOf(counts, settings),
    difference: items === 0 ? 0 : (wins - losses) / items,
    lower: lowerBound(counts, settings.alpha),
    upper: -lowerBound({ wins: losses, losses: wins, ties }, settings.alpha),
  };
}

/** The largest difference that the evidence rejects as an upper limit, at level alpha / 2. */
function lowerBound(counts: PairedCounts, alpha: number): number {
  const threshold = Math.log(2 / alpha);
  let [rejected, accepted] = [-1, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const mean = (rejected + accepted) / 2;
    if (logEvidenceAbove(mean, counts) >= threshold) rejected = mean;
    else accepted = mean;
  }
  return rejected;
}
