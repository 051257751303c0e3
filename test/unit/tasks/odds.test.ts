import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measuredOdds } from '../../../lambdas/tasks/odds.ts';
import { RandomSample } from '../../../lambdas/tasks/random-sample.ts';

const INFORMED = { knownCount: 60, labelCount: 2 };

describe('odds from a sample', () => {
  const stated = (knownCount: number, labelCount: number | undefined) =>
    measuredOdds({ confidences: Array<number>(24).fill(0.8), itemCount: 240, knownCount, labelCount });

  it('are nearer to chance if Duke MM has no examples of the question', () => {
    expect(stated(0, 2).success_probability).toBeCloseTo(0.5 + 0.3 * 0.3, 4);
    expect(stated(0, 5).success_probability).toBeCloseTo(0.2 + 0.3 * 0.6, 4);
    expect(stated(60, 2).success_probability).toBeCloseTo(0.8, 4);
  });

  it('approach the confidence with each example, and get narrower', () => {
    const counts = [0, 1, 2, 5, 10, 20, 60];
    const odds = counts.map((count) => stated(count, 2));
    const rising = odds.map(({ success_probability: p }) => p);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    const widths = odds.map(({ interval: [low, high] }) => high - low);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  it('are the confidence for numbers and texts, which have no chance level', () => {
    expect(stated(0, undefined).success_probability).toBeCloseTo(0.8, 4);
    const { success_probability: p } = measuredOdds({
      ...{ confidences: [0.1, 0.1], itemCount: 10, knownCount: 0, labelCount: 2 },
    });
    expect(p).toBeCloseTo(0.1, 4);
  });

  it('contain the outcome of at least nine of ten tasks if the confidences are calibrated', () => {
    let inside = 0;
    const random = mulberry32(7);
    const tasks = 4000;
    for (let t = 0; t < tasks; t++) {
      const probabilities = Array.from({ length: 200 }, () => 0.5 + 0.5 * Math.sqrt(random()));
      const { interval } = measuredOdds({
        confidences: probabilities.slice(0, 24),
        itemCount: 200,
        ...INFORMED,
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
        fc.nat(100),
        fc.option(fc.integer({ min: 2, max: 200 }), { nil: undefined }),
        (confidences, more, knownCount, labelCount) => {
          const { success_probability: p, interval } = measuredOdds({
            confidences,
            itemCount: confidences.length + more,
            ...{ knownCount, labelCount },
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
      const { interval } = measuredOdds({ confidences, itemCount: 2500, ...INFORMED });
      return interval[1] - interval[0];
    };
    expect(width(24)).toBeLessThan(width(4));
  });
});

it('a random sample contains every position equally often', () => {
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
