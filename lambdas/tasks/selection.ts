import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import { priceSatoshis } from '../../contracts/rules/price.ts';
import { PSEUDO_TASKS } from '../../contracts/rules/reputation.ts';
import { betaQuantile } from './beta.ts';

/** Quantile of the success posterior that candidates are ranked by. */
const QUANTILE = 0.05;
/** Candidates within this distance of the best are considered equal; the cheapest of them wins. */
const TIE_MARGIN = 0.02;

export interface SelectionCriteria {
  /** Price of complexity 1 at reputation 1.0, a setting of the stage. */
  readonly basePriceSatoshis: number;
  readonly kind: Kind;
  readonly complexity: number;
  readonly preferredAgent?: string | undefined;
  readonly maxPriceSatoshis?: number | undefined;
}

export type Selection =
  | { readonly chosen: Candidate; readonly price: number; readonly lowerBound: number }
  | { readonly refusedBecause: string };

/** 5 % quantile of the Beta posterior of success in this family; the prior counts as ten tasks. */
export function successLowerBound(candidate: Candidate): number {
  const successes = candidate.family_successes + PSEUDO_TASKS * candidate.prior_rate;
  const failures =
    candidate.family_tasks - candidate.family_successes + PSEUDO_TASKS * (1 - candidate.prior_rate);
  return betaQuantile(QUANTILE, successes, failures);
}

/**
 * Selects the agent of a task: among the candidates within two percentage points of the best lower bound of success,
 * the cheapest, then the least loaded, then the first by name.
 */
export function selectAgent(candidates: readonly Candidate[], criteria: SelectionCriteria): Selection {
  const able = candidates.filter(
    (c) => c.kinds.includes(criteria.kind) && (c.capacity === null || c.load < c.capacity),
  );
  if (able.length === 0)
    return { refusedBecause: `nobody takes tasks of kind ${criteria.kind} at the moment` };

  const wanted = able.filter(
    (c) => criteria.preferredAgent === undefined || c.agent_name === criteria.preferredAgent,
  );
  if (wanted.length === 0) return { refusedBecause: `${criteria.preferredAgent} does not take this task` };

  const offers = wanted.map((chosen) => ({
    chosen,
    price: priceSatoshis(criteria.basePriceSatoshis, criteria.complexity, chosen.reputation_bp),
    lowerBound: successLowerBound(chosen),
  }));
  const affordable = offers.filter(
    (o) => criteria.maxPriceSatoshis === undefined || o.price <= criteria.maxPriceSatoshis,
  );
  if (affordable.length === 0) {
    const cheapest = Math.min(...offers.map((o) => o.price));
    return { refusedBecause: `the cheapest offer is ${cheapest} satoshis, more than max_price_satoshis` };
  }
  const best = Math.max(...affordable.map((o) => o.lowerBound));
  const [first] = affordable
    .filter((o) => o.lowerBound >= best - TIE_MARGIN)
    .sort(
      (a, b) =>
        a.price - b.price ||
        a.chosen.load - b.chosen.load ||
        (a.chosen.agent_name < b.chosen.agent_name ? -1 : 1),
    );
  return first!;
}
