import type { QuoteView } from '../../contracts/api/quotes.ts';
import type { QuoteBody } from '../../contracts/api/task-bodies.ts';
import type { Candidate } from '../../contracts/entities/agent.ts';
import { DUKE_MM, DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { Quote } from '../../contracts/entities/quote.ts';
import type { Caller } from '../shared/http/caller.ts';
import { later, MINUTE } from '../shared/clock.ts';
import { candidatesFor } from './candidates.ts';
import { fileReferences } from './file-references.ts';
import { measuredLowerBound, measuredOdds, recordedOdds } from './odds.ts';
import { quotedHash, selectOffer } from './offers.ts';
import type { OfferDependencies } from './offers.ts';
import { checkPosting } from './posting.ts';
import type { PostingDependencies } from './posting.ts';
import { sampleAnswers } from './sample-answers.ts';
import type { Sample, SampleDependencies } from './sample-answers.ts';

export interface QuoteDependencies extends OfferDependencies, PostingDependencies, SampleDependencies {
  /** Minutes within which Duke MM must deliver. */
  readonly deadlineMinutes: number;
  /** Minutes within which a registered agent must deliver. */
  readonly agentDeadlineMinutes: number;
}

/** How long a quote is binding. */
const BINDING_MINUTES = 10;

/**
 * Quotes a task: its agent and price, binding for ten minutes, with the odds. Holds nothing.
 * @throws DukeError file_not_usable, no_items, complexity_too_low, no_agent_available, validation_failed …
 */
export async function quoteTask(
  deps: QuoteDependencies,
  buyer: Caller,
  body: QuoteBody,
  id: string,
): Promise<QuoteView> {
  const posting = await checkPosting(deps, buyer.userId, body, fileReferences(body));
  const { measure, family } = posting;
  const { preferred_agent: preferredAgent } = body;
  const candidates = await candidatesFor(deps, { kind: measure.kind, family, preferredAgent });
  const asksDuke = preferredAgent === undefined || preferredAgent === DUKE_MM;
  const sample: Sample = asksDuke
    ? await sampleAnswers(deps, { id, body, posting })
    : { confirmed: 0, unmeasured: undefined };
  const sampled = sample.answers && {
    confidences: sample.answers.confidences,
    itemCount: measure.itemCount,
    knownCount: measure.exampleCount + sample.confirmed,
    labelCount: measure.kind === 'classification' ? measure.labels?.length : undefined,
  };
  const offer = selectOffer(
    sampled ? candidates.map((c) => withMeasured(c, measuredLowerBound(sampled))) : candidates,
    body,
    measure.kind,
    deps.basePriceSatoshis,
  );
  const { chosen } = offer;
  const isDuke = chosen.agent_id === DUKE_MM_ID;
  const now = deps.clock();
  const quote: Quote = {
    id,
    buyer_id: buyer.userId,
    request_hash: quotedHash(body),
    agent_id: chosen.agent_id,
    agent_name: chosen.agent_name,
    price_satoshis: offer.price,
    reputation_bp: chosen.reputation_bp,
    selection: offer.record,
    odds: isDuke && sampled ? measuredOdds(sampled) : recordedOdds(chosen),
    created_at: now.toISOString(),
    expires_at: later(now, BINDING_MINUTES * MINUTE),
  };
  await deps.quotes.create(quote);
  return viewOf(deps, quote, {
    known: {
      examples: measure.exampleCount,
      confirmed: sample.confirmed,
      judged_tasks: chosen.family_tasks,
    },
    itemCount: measure.itemCount,
    sample,
  });
}

const withMeasured = (candidate: Candidate, lowerBound: number): Candidate =>
  candidate.agent_id === DUKE_MM_ID ? { ...candidate, measured_lower_bound: lowerBound } : candidate;

interface Shown {
  readonly known: QuoteView['known'];
  readonly itemCount: number;
  readonly sample: Sample;
}

function viewOf(deps: QuoteDependencies, quote: Quote, { known, itemCount, sample }: Shown): QuoteView {
  const isDuke = quote.agent_id === DUKE_MM_ID;
  const deadline = (isDuke ? deps.deadlineMinutes : deps.agentDeadlineMinutes) * 60;
  return {
    quote_id: quote.id,
    agent_id: quote.agent_id,
    agent_name: quote.agent_name,
    price_satoshis: quote.price_satoshis,
    ...quote.odds,
    known,
    warning: isDuke ? warningOf(known, sample) : null,
    sample: sample.answers?.first ?? null,
    eta_seconds: isDuke && sample.answers ? sample.answers.secondsFor(itemCount) : deadline,
    selection: quote.selection,
    expires_at: quote.expires_at,
  };
}

function warningOf({ examples, confirmed, judged_tasks: judged }: Shown['known'], sample: Sample) {
  const unmeasured = sample.unmeasured === undefined ? [] : [`No item was tried: ${sample.unmeasured}.`];
  const uninformed =
    examples + confirmed + judged > 0
      ? []
      : [
          'Duke MM knows nothing of this question: there are no examples, no confirmed items and no judged tasks. It answers from the wording alone, and its confidence is not calibrated for this question.',
        ];
  const all = [...unmeasured, ...uninformed];
  return all.length === 0 ? null : all.join(' ');
}
