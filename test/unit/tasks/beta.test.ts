import libraryQuantile from '@stdlib/stats-base-dists-beta-quantile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from '../../../lambdas/tasks/beta.ts';

const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('the Beta quantile', () => {
  it('is that of the library', () => {
    fc.assert(
      fc.property(p, shape, shape, (probability, a, b) => {
        expect(betaQuantile(probability, a, b)).toBeCloseTo(libraryQuantile(probability, a, b), 8);
      }),
      { numRuns: 500 },
    );
  });

  it('is the inverse of the distribution', () => {
    fc.assert(
      fc.property(p, shape, shape, (probability, a, b) => {
        expect(betaCdf(betaQuantile(probability, a, b), a, b)).toBeCloseTo(probability, 8);
      }),
    );
  });
});
