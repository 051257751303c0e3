import type { Candidate } from '../../contracts/entities/agent.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { ConsideredAgent, SelectionReason, TaskSelection } from '../../contracts/entities/selection.ts';
import { priceSatoshis } from '../../contracts/rules/price.ts';
import { PSEUDO_TASKS } from '../../contracts/rules/reputation.ts';
import { betaQuantile } from './beta.ts';

/** Quantile of the success posterior that candidates are ranked by. */
const QUANTILE = 0.05;
/** Candidates within this distance of the best are considered equal; the cheapest of them wins. */
const TIE_MARGIN = 0.02;
/** Maximum number of candidates stored with the task: the chosen one and the best others. */
const MAX_REMEMBERED = 10;

export interface SelectionCriteria {
  /** Price of complexity 1 at reputation 1.0, a setting of the stage. */
  readonly basePriceSatoshis: number;
  readonly kind: Kind;
  readonly complexity: number;
  readonly preferredAgent?: string | undefined;
  readonly maxPriceSatoshis?: number | undefined;
}

export type Selection =
  | {
      readonly chosen: Candidate;
      readonly price: number;
      readonly lowerBound: number;
      /** The reason, stored with the task. */
      readonly record: TaskSelection;
    }
  | { readonly refusedBecause: string };

interface Offer {
  readonly chosen: Candidate;
  readonly price: number;
  readonly lowerBound: number;
}

/**
 * Lower bound of the probability of success: the measurement on items of this task, if there is one; else the 5 %
 * quantile of the Beta posterior of judged tasks in the family, with a prior worth ten tasks. Tasks lost by silence
 * since the last delivery count as failures.
 */
export function successLowerBound(candidate: Candidate): number {
  if (candidate.measured_lower_bound !== undefined) return candidate.measured_lower_bound;
  const { successes, failures } = successPosterior(candidate);
  return betaQuantile(QUANTILE, successes, failures);
}

/** Parameters of the Beta posterior of success, in tasks. */
export function successPosterior(candidate: Candidate): { successes: number; failures: number } {
  return {
    successes: candidate.family_successes + PSEUDO_TASKS * candidate.prior_rate,
    failures:
      candidate.family_tasks -
      candidate.family_successes +
      (candidate.missed_in_a_row ?? 0) +
      PSEUDO_TASKS * (1 - candidate.prior_rate),
  };
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

  const acceptable = able.filter(
    (c) => criteria.preferredAgent === undefined || c.agent_name === criteria.preferredAgent,
  );
  if (acceptable.length === 0)
    return { refusedBecause: `${criteria.preferredAgent} does not take this task` };

  const offers = acceptable.map((chosen): Offer => ({
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
  const close = affordable.filter((o) => o.lowerBound >= best - TIE_MARGIN).sort(cheapestFirst);
  const first = close[0]!;
  const reason =
    criteria.preferredAgent === undefined ? reasonOf(affordable.length, close) : ('preferred' as const);
  return { ...first, record: recordOf(first, affordable, reason) };
}

const cheapestFirst = (a: Offer, b: Offer): number =>
  a.price - b.price || a.chosen.load - b.chosen.load || (a.chosen.agent_name < b.chosen.agent_name ? -1 : 1);

/** @param close the offers within the margin, the chosen one first */
function reasonOf(affordable: number, [first, second]: readonly Offer[]): SelectionReason {
  if (affordable === 1) return 'only_candidate';
  if (!first || !second) return 'best_success';
  if (first.price < second.price) return 'cheapest_of_the_best';
  return first.chosen.load < second.chosen.load ? 'least_loaded_of_the_best' : 'first_of_equals';
}

function recordOf(first: Offer, offers: readonly Offer[], reason: SelectionReason): TaskSelection {
  const otherOffers = offers
    .filter((offer) => offer !== first)
    .sort((a, b) => b.lowerBound - a.lowerBound || cheapestFirst(a, b));
  return {
    reason,
    considered: offers.length,
    candidates: [first, ...otherOffers].slice(0, MAX_REMEMBERED).map(considered),
  };
}

/** Lower bounds are rounded to four decimals. */
const considered = ({ chosen, price, lowerBound }: Offer): ConsideredAgent => ({
  agent_id: chosen.agent_id,
  agent_name: chosen.agent_name,
  success_lower_bound: Math.round(lowerBound * 10_000) / 10_000,
  basis: chosen.measured_lower_bound === undefined ? 'record' : 'measured',
  price_satoshis: price,
});
