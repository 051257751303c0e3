import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../contracts/entities/agent.ts';
import { reputationBp } from '../../../contracts/rules/reputation.ts';
import { DEFAULT_BASE_PRICE_SATOSHIS, priceSatoshis } from '../../../contracts/rules/price.ts';
import { selectAgent, successLowerBound } from '../../../lambdas/tasks/selection.ts';

const candidate = fc.record<Candidate>({
  agent_id: fc.uuid(),
  agent_name: fc.stringMatching(/^[a-z]{4}$/),
  kinds: fc.constantFrom<Candidate['kinds']>(
    ['classification'],
    ['regression', 'classification'],
    ['regression'],
  ),
  reputation_bp: fc.integer({ min: 12_000, max: 20_000 }),
  family_tasks: fc.constant(100),
  family_successes: fc.integer({ min: 0, max: 100 }),
  prior_rate: fc.constantFrom(0.7, 0.9),
  load: fc.nat(9),
  capacity: fc.constantFrom(null, 5),
});
const criteria = {
  basePriceSatoshis: DEFAULT_BASE_PRICE_SATOSHIS,
  kind: 'classification',
  complexity: 3,
} as const;

const agent = (name: string, fields: Partial<Candidate>): Candidate => ({
  agent_id: name,
  agent_name: name,
  kinds: ['classification'],
  reputation_bp: 12_000,
  family_tasks: 100,
  family_successes: 90,
  prior_rate: 0.7,
  load: 0,
  capacity: null,
  ...fields,
});

const candidates = fc.uniqueArray(candidate, { minLength: 1, maxLength: 8, selector: (c) => c.agent_name });
const holdsFor = (property: (all: Candidate[]) => void): void => fc.assert(fc.property(candidates, property));

const isAble = (c: Candidate): boolean =>
  c.kinds.includes('classification') && (c.capacity === null || c.load < c.capacity);
const priceOf = (c: Candidate): number =>
  priceSatoshis(DEFAULT_BASE_PRICE_SATOSHIS, criteria.complexity, c.reputation_bp);
/** The chosen agent; undefined if the task is refused. */
const choice = (all: Candidate[]): Candidate | undefined => {
  const selection = selectAgent(all, criteria);
  return 'chosen' in selection ? selection.chosen : undefined;
};

describe('selection', () => {
  it('selects an agent if and only if one is eligible, and never a full one or one of another kind', () => {
    holdsFor((all) => {
      const chosen = choice(all);
      expect(chosen !== undefined).toBe(all.some(isAble));
      if (chosen) expect(isAble(chosen)).toBe(true);
    });
  });

  it('ignores agents that are not eligible', () => {
    holdsFor((all) => {
      fc.pre(all.some(isAble));
      expect(selectAgent(all.filter(isAble), criteria)).toEqual(selectAgent(all, criteria));
    });
  });

  it('never passes over an agent that is cheaper and more likely to succeed', () => {
    holdsFor((all) => {
      const chosen = choice(all);
      if (!chosen) return;
      const better = all.filter(
        (c) => isAble(c) && priceOf(c) < priceOf(chosen) && successLowerBound(c) > successLowerBound(chosen),
      );
      expect(better).toEqual([]);
    });
  });

  it.each<[string, (chosen: Candidate) => Candidate]>([
    ['has more successes', (c) => ({ ...c, family_successes: 100 })],
    ['gets cheaper', (c) => ({ ...c, reputation_bp: 12_000 })],
    ['has less load', (c) => ({ ...c, load: 0 })],
  ])('keeps its choice when the chosen agent %s', (_change, improve) => {
    holdsFor((all) => {
      const chosen = choice(all);
      if (!chosen) return;
      const improved = all.map((c) => (c === chosen ? improve(c) : c));
      expect(choice(improved)?.agent_name).toBe(chosen.agent_name);
    });
  });

  it('prefers the cheaper of two agents only within two percentage points of success', () => {
    // Load and name would both choose the dear agent, so that only the price decides.
    const dear = agent('a-dear', { measured_lower_bound: 0.9, reputation_bp: 20_000 });
    const cheap = (bound: number) => agent('b-cheap', { measured_lower_bound: bound, load: 1 });
    expect(choice([dear, cheap(0.8801)])?.agent_name).toBe('b-cheap');
    expect(choice([dear, cheap(0.8799)])?.agent_name).toBe('a-dear');
  });

  it('prefers the less loaded of equal offers, then the first by name', () => {
    expect(choice([agent('a', { load: 2 }), agent('b', { load: 1 })])?.agent_name).toBe('b');
    expect(choice([agent('b', {}), agent('a', {})])?.agent_name).toBe('a');
  });

  it('selects the preferred agent if it is eligible, else nobody', () => {
    holdsFor((all) => {
      for (const wanted of all) {
        const selection = selectAgent(all, { ...criteria, preferredAgent: wanted.agent_name });
        if (isAble(wanted))
          expect(selection).toMatchObject({ chosen: wanted, record: { reason: 'preferred' } });
        else expect(selection).toHaveProperty('refusedBecause');
      }
    });
  });

  it('gives a reason if nobody is selected', () => {
    const able = agent('able', {});
    const full = agent('full', { capacity: 2, load: 2 });
    const dear = agent('dear', { reputation_bp: 20_000 });
    const refusal = (all: Candidate[], more: object = {}) => selectAgent(all, { ...criteria, ...more });
    const nobody = { refusedBecause: 'nobody takes tasks of kind classification at the moment' };
    expect(refusal([])).toEqual(nobody);
    expect(refusal([full])).toEqual(nobody);
    expect(refusal([agent('other', { kinds: ['regression'] })])).toEqual(nobody);
    expect(refusal([able, full], { preferredAgent: 'full' })).toEqual({
      refusedBecause: 'full does not take this task',
    });
    expect(refusal([dear, able], { maxPriceSatoshis: priceOf(able) - 1 })).toEqual({
      refusedBecause: `the cheapest offer is ${priceOf(able)} satoshis, more than max_price_satoshis`,
    });
    expect(refusal([dear, able], { maxPriceSatoshis: priceOf(able) })).toMatchObject({ chosen: able });
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { minLength: 2, maxLength: 8, selector: (c) => c.agent_name }),
        (all) => {
          expect(selectAgent(all.toReversed(), criteria)).toEqual(selectAgent(all, criteria));
        },
      ),
    );
  });

  // R: qbeta(0.05, 9, 1) = 0.7168712; qbeta(0.05, 97, 13) = 0.8275 (four digits)
  it('ranks by the 5 % quantile of the Beta posterior', () => {
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
