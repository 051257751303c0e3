import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from '../../../lambdas/tasks/beta.ts';
import reference from './beta-quantiles.json' with { type: 'json' };

const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });

describe('the Beta quantile', () => {
  it.each(reference.rows)('at %f of Beta(%f, %f) is %f, as in SciPy', (probability, a, b, quantile) => {
    expect(betaQuantile(probability, a, b)).toBeCloseTo(quantile, 8);
  });

  it('is the inverse of the distribution function', () => {
    fc.assert(
      fc.property(p, shape, shape, (probability, a, b) => {
        expect(betaCdf(betaQuantile(probability, a, b), a, b)).toBeCloseTo(probability, 8);
      }),
    );
  });
});
