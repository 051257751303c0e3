import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import { priceSatoshis } from '../../contracts/rules/price.ts';
import { PSEUDO_TASKS } from '../../contracts/rules/reputation.ts';
import { betaQuantile } from './beta.ts';

/** Chance that the true rate of success lies below the bound we select by. */
const TAIL = 0.05;
/** Candidates this close to the best are equal, and the cheaper one wins. */
const CLOSE = 0.02;

export interface Wish {
  /** Of the stage: what complexity 1 costs at reputation 1.0. */
  readonly basePriceSatoshis: number;
  readonly kind: Kind;
  readonly complexity: number;
  readonly preferredAgent?: string | undefined;
  readonly maxPriceSatoshis?: number | undefined;
}

export type Selection =
  | { readonly chosen: Candidate; readonly price: number; readonly lowerBound: number }
  | { readonly refusedBecause: string };

/** 5 % quantile of the Beta posterior of success in this family; the prior weighs ten tasks. */
export function successLowerBound(candidate: Candidate): number {
  const successes = candidate.family_successes + PSEUDO_TASKS * candidate.prior_rate;
  const failures =
    candidate.family_tasks - candidate.family_successes + PSEUDO_TASKS * (1 - candidate.prior_rate);
  return betaQuantile(TAIL, successes, failures);
}

/**
 * Who does the task: the best lower bound of the probability of success; among those within two points of it the
 * cheapest, then the least loaded, then by name.
 */
export function selectAgent(candidates: readonly Candidate[], wish: Wish): Selection {
  const able = candidates.filter(
    (c) => c.kinds.includes(wish.kind) && (c.capacity === null || c.load < c.capacity),
  );
  if (able.length === 0) return { refusedBecause: `nobody takes tasks of kind ${wish.kind} at the moment` };

  const wanted = able.filter(
    (c) => wish.preferredAgent === undefined || c.agent_name === wish.preferredAgent,
  );
  if (wanted.length === 0) return { refusedBecause: `${wish.preferredAgent} does not take this task` };

  const offers = wanted.map((chosen) => ({
    chosen,
    price: priceSatoshis(wish.basePriceSatoshis, wish.complexity, chosen.reputation_bp),
    lowerBound: successLowerBound(chosen),
  }));
  const affordable = offers.filter(
    (o) => wish.maxPriceSatoshis === undefined || o.price <= wish.maxPriceSatoshis,
  );
  if (affordable.length === 0) {
    const cheapest = Math.min(...offers.map((o) => o.price));
    return { refusedBecause: `the cheapest offer is ${cheapest} satoshis, more than max_price_satoshis` };
  }
  const best = Math.max(...affordable.map((o) => o.lowerBound));
  const [first] = affordable
    .filter((o) => o.lowerBound >= best - CLOSE)
    .sort(
      (a, b) =>
        a.price - b.price ||
        a.chosen.load - b.chosen.load ||
        (a.chosen.agent_name < b.chosen.agent_name ? -1 : 1),
    );
  return first!;
}
