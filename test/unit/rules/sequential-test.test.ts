import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../benchmarks/platform/seeded-random.ts';
import { compare, comparisonOf, logEvidenceAbove } from '../../../contracts/rules/sequential-test.ts';
import type { PairedCounts } from '../../../contracts/rules/sequential-test.ts';

const SETTINGS = { alpha: 0.05, margin: 0.01 };
const counts = fc.record({
  wins: fc.nat({ max: 300 }),
  losses: fc.nat({ max: 300 }),
  ties: fc.nat({ max: 3000 }),
});
const swap = ({ wins, losses, ties }: PairedCounts): PairedCounts => ({ wins: losses, losses: wins, ties });

describe('the e-process', () => {
  interface Case {
    readonly wins: number;
    readonly losses: number;
    readonly null: number;
    readonly log_e: number;
  }
  const { cases } = JSON.parse(
    readFileSync(new URL('../../contract/sequential-test.json', import.meta.url), 'utf8'),
  ) as { cases: Case[] };

  test.each(cases)('has the e-value of the package ville: %o', ({ wins, losses, null: rate, log_e }) => {
    // ville bets on the share of wins, with a uniform mixture on both sides; the difference is twice the share minus one.
    const mean = 2 * rate - 1;
    const above = logEvidenceAbove(mean, { wins, losses, ties: 0 });
    const below = logEvidenceAbove(-mean, { wins: losses, losses: wins, ties: 0 });
    const bothSides = Math.log((1 - rate) * Math.exp(above) + rate * Math.exp(below));
    expect(bothSides).toBeCloseTo(log_e, 2);
  });

  /** Expected factor by which one more item changes the capital, where items win, lose and tie at these rates. */
  const expectedGrowth = (mean: number, before: PairedCounts, win: number, lose: number): number => {
    const growth = (more: Partial<PairedCounts>): number =>
      Math.exp(logEvidenceAbove(mean, { ...before, ...more }) - logEvidenceAbove(mean, before));
    return (
      win * growth({ wins: before.wins + 1 }) +
      lose * growth({ losses: before.losses + 1 }) +
      (1 - win - lose) * growth({ ties: before.ties + 1 })
    );
  };

  test('does not grow on average if the difference is at most the limit', () => {
    const rates = fc.tuple(
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
    );
    fc.assert(
      fc.property(
        counts,
        rates,
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (before, [win, lose], slack) => {
          const mean = Math.min(0.99, win - lose + slack);
          expect(expectedGrowth(mean, before, win, lose)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
    );
  });

  test('grows on average if the difference is larger', () => {
    expect(expectedGrowth(0, { wins: 60, losses: 40, ties: 900 }, 0.06, 0.04)).toBeGreaterThan(1);
  });
});

describe('the comparison', () => {
  test('is undecided before items are judged', () => {
    const none = compare({ wins: 0, losses: 0, ties: 0 }, SETTINGS);
    expect(none).toMatchObject({ comparison: 'undecided', difference: 0 });
    expect(none.lower).toBeCloseTo(-1, 6);
    expect(none.upper).toBeCloseTo(1, 6);
  });

  test.each([
    [{ wins: 30, losses: 5, ties: 400 }, 'better'],
    [{ wins: 5, losses: 30, ties: 400 }, 'worse'],
    [{ wins: 20, losses: 20, ties: 8000 }, 'equivalent'],
    [{ wins: 20, losses: 20, ties: 400 }, 'undecided'],
    [{ wins: 6, losses: 0, ties: 0 }, 'undecided'],
  ] as const)('%o is %s', (observed, comparison) => {
    expect(comparisonOf(observed, SETTINGS)).toBe(comparison);
  });

  test('is reversed if the versions are swapped', () => {
    const reverse = { better: 'worse', worse: 'better', equivalent: 'equivalent', undecided: 'undecided' };
    fc.assert(
      fc.property(counts, (observed) => {
        const [forward, backward] = [compare(observed, SETTINGS), compare(swap(observed), SETTINGS)];
        expect(backward.comparison).toBe(reverse[forward.comparison]);
        expect(backward.lower).toBeCloseTo(-forward.upper, 6);
      }),
    );
  });

  test('agrees with its confidence sequence, which contains the observed difference', () => {
    fc.assert(
      fc.property(counts, (observed) => {
        const { comparison, difference, lower, upper } = compare(observed, SETTINGS);
        expect(lower).toBeLessThanOrEqual(difference);
        expect(upper).toBeGreaterThanOrEqual(difference);
        const bySequence =
          lower > 0
            ? 'better'
            : upper < 0
              ? 'worse'
              : lower > -SETTINGS.margin && upper < SETTINGS.margin
                ? 'equivalent'
                : 'undecided';
        expect(comparison).toBe(bySequence);
      }),
    );
  });

  test('needs more evidence for a smaller error rate', () => {
    const observed = { wins: 20, losses: 4, ties: 100 };
    expect(comparisonOf(observed, { alpha: 0.05, margin: 0.01 })).toBe('better');
    expect(comparisonOf(observed, { alpha: 0.0005, margin: 0.01 })).toBe('undecided');
  });

  test('two equal versions tested after every item rarely differ', () => {
    const random = seededRandom(20261130);
    const isStoppedFalsely = (): boolean => {
      const observed = { wins: 0, losses: 0, ties: 0 };
      // Ties change nothing against a difference of zero, so only items that differ are drawn.
      for (let item = 0; item < 300; item++) {
        observed[random() < 0.5 ? 'wins' : 'losses'] += 1;
        if (['better', 'worse'].includes(comparisonOf(observed, SETTINGS))) return true;
      }
      return false;
    };
    const stopped = Array.from({ length: 200 }, isStoppedFalsely).filter(Boolean).length;
    expect(stopped).toBeLessThanOrEqual(10);
  });
});
