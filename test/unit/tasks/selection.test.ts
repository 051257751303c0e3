import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../contracts/entities/agent.ts';
import { reputationBp } from '../../../contracts/rules/reputation.ts';
import { DEFAULT_BASE_PRICE_SATOSHIS, priceSatoshis } from '../../../contracts/rules/price.ts';
import { selectAgent, successLowerBound } from '../../../lambdas/tasks/selection.ts';

const candidate = fc.record<Candidate>({
  agent_id: fc.uuid(),
  agent_name: fc.stringMatching(/^[a-z]{4}$/),
  kinds: fc.constant(['classification']),
  reputation_bp: fc.integer({ min: 12_000, max: 20_000 }),
  family_tasks: fc.constant(100),
  family_successes: fc.integer({ min: 0, max: 100 }),
  prior_rate: fc.constantFrom(0.7, 0.9),
  load: fc.nat(9),
  capacity: fc.constantFrom(null, 5),
});
const wish = {
  basePriceSatoshis: DEFAULT_BASE_PRICE_SATOSHIS,
  kind: 'classification',
  complexity: 3,
} as const;

describe('selection', () => {
  it('takes nobody who is full, and the cheapest of those within two points of the best', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { minLength: 1, maxLength: 8, selector: (c) => c.agent_name }),
        (all) => {
          const able = all.filter((c) => c.capacity === null || c.load < c.capacity);
          const selection = selectAgent(all, wish);
          if (able.length === 0) return 'refusedBecause' in selection;
          if ('refusedBecause' in selection) return false;
          const best = Math.max(...able.map(successLowerBound));
          const close = able.filter((c) => successLowerBound(c) >= best - 0.02);
          return (
            close.some((c) => c.agent_name === selection.chosen.agent_name) &&
            selection.price ===
              Math.min(...close.map((c) => priceSatoshis(DEFAULT_BASE_PRICE_SATOSHIS, 3, c.reputation_bp)))
          );
        },
      ),
    );
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { minLength: 2, maxLength: 8, selector: (c) => c.agent_name }),
        (all) => {
          expect(selectAgent(all.toReversed(), wish)).toEqual(selectAgent(all, wish));
        },
      ),
    );
  });

  // R: qbeta(0.05, 9, 1) = 0.7168712; qbeta(0.05, 97, 13) = 0.8275 (four digits)
  it('bounds by the 5 % quantile of the Beta posterior', () => {
    const duke = {
      agent_id: 'duke-mm',
      agent_name: 'duke-mm',
      kinds: [],
      reputation_bp: 0,
      load: 0,
      capacity: null,
      prior_rate: 0.9,
    };
    expect(successLowerBound({ ...duke, family_tasks: 0, family_successes: 0 })).toBeCloseTo(0.7168712, 5);
  });
});

describe('reputation', () => {
  it('starts Duke MM at 2.0 and an agent at 1.2', () => {
    expect(reputationBp('duke-mm', [])).toBe(20_000);
    expect(reputationBp('5f0c2f5e-3f3a-4a7c-9a51-0d6f2f0a1b2c', [])).toBe(12_000);
  });

  it('follows 1.2 + (rate − 0.7) × 4 once 100 tasks are judged, clamped', () => {
    const rate = (share: number) =>
      reputationBp(
        'duke-mm',
        Array.from({ length: 100 }, () => ({ share })),
      );
    expect([0, 0.7, 0.8, 0.85, 0.9, 1].map(rate)).toEqual([12_000, 12_000, 16_000, 18_000, 20_000, 20_000]);
  });
});
