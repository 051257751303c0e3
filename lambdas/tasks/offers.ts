import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import type { Candidate } from '../../contracts/entities/agent.ts';
import type { AgentId, Kind } from '../../contracts/entities/common.ts';
import type { Quote } from '../../contracts/entities/quote.ts';
import type { TaskSelection } from '../../contracts/entities/selection.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { canonicalJson, sha256 } from '../shared/ids.ts';
import type { QuoteStore } from '../shared/stores/quote-store.ts';
import { candidatesFor } from './candidates.ts';
import type { CandidateStores } from './candidates.ts';
import { selectAgent } from './selection.ts';

export interface OfferDependencies extends CandidateStores {
  readonly quotes: QuoteStore;
  readonly clock: Clock;
  /** Price of complexity 1 at reputation 1.0, a setting of the stage. */
  readonly basePriceSatoshis: number;
}

/** An agent for a task, with its price and the reason of the choice. */
export interface Offer {
  readonly chosen: Pick<Candidate, 'agent_id' | 'agent_name' | 'reputation_bp'>;
  readonly price: number;
  readonly record: TaskSelection;
}

export interface Offers {
  readonly first: Offer;
  /** The next best, without an agent that turned out to be unavailable. @throws DukeError no_agent_available */
  without(agentId: AgentId): Promise<Offer>;
}

interface Subject {
  readonly kind: Kind;
  readonly family: string;
}

/** Hash of what a quote is for: the request without the quote. */
export const quotedHash = ({ quote_id: _quote, ...body }: CreateTaskBody): string =>
  sha256(canonicalJson(body));

/** Why a quote cannot be used; undefined if it can. */
export function quoteFault(quote: Quote | undefined, now: string): DukeError | undefined {
  if (quote?.task_id !== undefined)
    return new DukeError('quote_used', `It was used for task ${quote.task_id}: ask for a new one.`);
  if (quote && quote.expires_at < now)
    return new DukeError('quote_expired', `It was binding until ${quote.expires_at}: ask for a new one.`);
  return undefined;
}

/**
 * Agent and price of a task: those of its quote, else the selected ones.
 * @throws DukeError quote_unknown, quote_mismatch, quote_expired, quote_used, no_agent_available
 */
export async function offersFor(
  deps: OfferDependencies,
  buyerId: string,
  body: CreateTaskBody,
  subject: Subject,
): Promise<Offers> {
  return body.quote_id === undefined
    ? selectedOffers(deps, body, subject)
    : quotedOffers(deps, body, subject, await usableQuote(deps, buyerId, body, body.quote_id));
}

async function selectedOffers(
  deps: OfferDependencies,
  body: CreateTaskBody,
  { kind, family }: Subject,
): Promise<Offers> {
  const preferredAgent = body.preferred_agent;
  let candidates = await candidatesFor(deps, { kind, family, preferredAgent });
  const select = () => selectOffer(candidates, body, kind, deps.basePriceSatoshis);
  return {
    first: select(),
    async without(agentId) {
      candidates = candidates.filter(({ agent_id }) => agent_id !== agentId);
      return select();
    },
  };
}

/** @throws DukeError no_agent_available */
export function selectOffer(
  candidates: readonly Candidate[],
  body: Pick<CreateTaskBody, 'complexity' | 'preferred_agent' | 'max_price_satoshis'>,
  kind: Kind,
  basePriceSatoshis: number,
): Offer & { readonly chosen: Candidate } {
  const selection = selectAgent(candidates, {
    basePriceSatoshis,
    kind,
    complexity: body.complexity,
    preferredAgent: body.preferred_agent,
    maxPriceSatoshis: body.max_price_satoshis,
  });
  if ('chosen' in selection) return selection;
  throw new DukeError('no_agent_available', `No agent for this task: ${selection.refusedBecause}.`);
}

async function usableQuote(
  deps: OfferDependencies,
  buyerId: string,
  body: CreateTaskBody,
  quoteId: string,
): Promise<Quote> {
  const quote = await deps.quotes.get(quoteId);
  if (quote?.buyer_id !== buyerId) throw refused('quote_unknown', 'Ask for a quote of this task.');
  if (quote.request_hash !== quotedHash(body))
    throw refused('quote_mismatch', 'Post exactly what was quoted, or ask for a new quote.');
  const fault = quoteFault(quote, deps.clock().toISOString());
  if (fault) throw fault;
  return quote;
}

const refused = (code: 'quote_unknown' | 'quote_mismatch', message: string): DukeError =>
  new DukeError(code, message, { errors: [{ path: 'quote_id', message }] });

/** If the quoted agent is unavailable, the next one works for at most the quoted price. */
function quotedOffers(deps: OfferDependencies, body: CreateTaskBody, subject: Subject, quote: Quote): Offers {
  const unavailable = new Set<AgentId>();
  const { agent_id, agent_name, reputation_bp, price_satoshis: price, selection } = quote;
  return {
    first: { chosen: { agent_id, agent_name, reputation_bp }, price, record: selection },
    async without(agentId) {
      unavailable.add(agentId);
      const rest = await selectedOffers(deps, { ...body, max_price_satoshis: undefined }, subject);
      let offer = rest.first;
      while (unavailable.has(offer.chosen.agent_id)) offer = await rest.without(offer.chosen.agent_id);
      return { ...offer, price: Math.min(price, offer.price) };
    },
  };
}
