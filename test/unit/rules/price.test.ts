import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_BASE_PRICE_SATOSHIS,
  MAX_BASE_PRICE_SATOSHIS,
  priceSatoshis,
} from '../../../contracts/rules/price.ts';
import { refundSatoshis } from '../../../contracts/rules/refund.ts';
import { MAX_REPUTATION_BP, MIN_REPUTATION_BP } from '../../../contracts/rules/reputation.ts';
import { reputationBp } from '../../../contracts/rules/reputation.ts';
import { perItem, priceRange } from '../../../web/src/lib/pricing/money.ts';

const base = fc.integer({ min: 1, max: MAX_BASE_PRICE_SATOSHIS });
const complexity = fc.integer({ min: 1, max: 10 });
const reputation = fc.integer({ min: MIN_REPUTATION_BP, max: MAX_REPUTATION_BP });

describe('a price', () => {
  it('is base price × complexity × reputation', () => {
    expect(priceSatoshis(DEFAULT_BASE_PRICE_SATOSHIS, 10, 20_000)).toBe(2_000_000);
    expect(priceSatoshis(DEFAULT_BASE_PRICE_SATOSHIS, 1, 12_345)).toBe(123_450);
    expect(priceSatoshis(7, 3, 12_001)).toBe(25); // 25.2021 rounded down
  });

  it('is the exact product rounded down to whole satoshis, at least one, for every base price', () => {
    fc.assert(
      fc.property(base, complexity, reputation, (satoshis, points, bp) => {
        const exact = (BigInt(satoshis) * BigInt(points) * BigInt(bp)) / 10_000n;
        expect(BigInt(priceSatoshis(satoshis, points, bp))).toBe(exact);
        expect(exact).toBeGreaterThanOrEqual(1n);
      }),
    );
  });

  it('lies within the displayed range, whatever the reputation', () => {
    const shares = fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(base, complexity, shares, fc.constantFrom('duke-mm', 'agent-1'), (...values) => {
        const [satoshis, points, judged, agent] = values;
        const pricing = {
          base_price_satoshis: satoshis,
          min_reputation_bp: MIN_REPUTATION_BP,
          max_reputation_bp: MAX_REPUTATION_BP,
          fiat: null,
        };
        const { low, high } = priceRange(pricing, points);
        const price = priceSatoshis(satoshis, points, reputationBp(agent, judged));
        expect(price).toBeGreaterThanOrEqual(low);
        expect(price).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('of one item is never displayed too low', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000_000 }),
        fc.integer({ min: 1, max: 2500 }),
        (price, items) => {
          const one = perItem({ low: price, high: price }, items);
          return one.high * items >= price && (one.high - 1) * items < price;
        },
      ),
    );
  });
});

describe('a refund', () => {
  it('is the refused share in whole satoshis, and the whole price only if every item was refused', () => {
    expect(refundSatoshis(200_000, 1, 3)).toBe(66_666);
    expect(refundSatoshis(200_000, 0, 3)).toBe(0);
    fc.assert(
      fc.property(
        base,
        complexity,
        reputation,
        fc.integer({ min: 1, max: 2500 }),
        fc.nat(2500),
        (satoshis, points, bp, items, n) => {
          const refused = Math.min(n, items);
          const price = priceSatoshis(satoshis, points, bp);
          const refund = refundSatoshis(price, refused, items);
          expect(BigInt(refund)).toBe((BigInt(price) * BigInt(refused)) / BigInt(items));
          expect(refund === price).toBe(refused === items);
        },
      ),
    );
  });
});
