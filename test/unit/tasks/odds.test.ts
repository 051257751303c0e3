import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measuredOdds } from '../../../lambdas/tasks/odds.ts';
import { RandomSample } from '../../../lambdas/tasks/random-sample.ts';

describe('odds from a sample', () => {
  it('hold the outcome in at least nine of ten tasks where the confidences are right', () => {
    let inside = 0;
    const random = mulberry32(7);
    const tasks = 4000;
    for (let t = 0; t < tasks; t++) {
      const probabilities = Array.from({ length: 200 }, () => 0.5 + 0.5 * Math.sqrt(random()));
      const { interval } = measuredOdds({
        confidences: probabilities.slice(0, 24),
        itemCount: 200,
        informed: true,
      });
      const share = probabilities.filter((p) => random() < p).length / 200;
      if (share >= interval[0] && share <= interval[1]) inside += 1;
    }
    // More than 90 %: the interval has room for calibration that differs between tasks.
    expect(inside / tasks).toBeGreaterThan(0.9);
  });

  it('are within 0 and 1 and in order, for every sample', () => {
    const confidence = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(confidence, { minLength: 1, maxLength: 24 }),
        fc.nat(2500),
        fc.boolean(),
        (confidences, more, informed) => {
          const { success_probability: p, interval } = measuredOdds({
            confidences,
            itemCount: confidences.length + more,
            informed,
          });
          expect(interval[0]).toBeGreaterThanOrEqual(0);
          expect(interval[1]).toBeLessThanOrEqual(1);
          expect(interval[0]).toBeLessThanOrEqual(interval[1]);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('narrow with the sample', () => {
    const width = (n: number) => {
      const confidences = Array.from({ length: n }, (_, i) => (i % 2 ? 0.6 : 0.95));
      const { interval } = measuredOdds({ confidences, itemCount: 2500, informed: true });
      return interval[1] - interval[0];
    };
    expect(width(24)).toBeLessThan(width(4));
  });
});

it('a random sample takes every position equally often', () => {
  const counts = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    const sample = new RandomSample<number>(10, String(seed));
    for (let i = 0; i < 50; i++) sample.add(i);
    for (const i of sample.items) counts[i]! += 1;
  }
  // Expected 400 each, standard deviation 18.
  expect(Math.min(...counts)).toBeGreaterThan(320);
  expect(Math.max(...counts)).toBeLessThan(480);
});

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
