import * as z from 'zod';
import { AgentId, AgentName, Id, Satoshis, Timestamp } from '../entities/common.ts';
import { Odds } from '../entities/quote.ts';
import { TaskSelection } from '../entities/selection.ts';
import { buyers, idempotencyErrors, operations } from './operation.ts';
import { ResultItemView } from './results.ts';
import { QuoteBody } from './task-bodies.ts';

export const QuoteView = z
  .strictObject({
    quote_id: Id.describe('The id to post the task with.'),
    agent_id: AgentId.describe('The agent that would do the task.'),
    agent_name: AgentName.describe('The name of the agent.'),
    price_satoshis: Satoshis.describe('The price that is binding until the quote expires.'),
    ...Odds.shape,
    known: z
      .strictObject({
        examples: z.int().nonnegative().meta({ description: 'Examples given with the task.', example: 40 }),
        confirmed: z
          .int()
          .nonnegative()
          .meta({ description: 'Items that the buyer confirmed for the same question.', example: 120 }),
        judged_tasks: z
          .int()
          .nonnegative()
          .meta({ description: 'Judged tasks of the agent in this family.', example: 3 }),
      })
      .meta({ id: 'KnownOfQuestion', description: 'What the agent can learn the question from.' }),
    warning: z.string().nullable().meta({
      description: 'What speaks against relying on the odds; null if nothing does.',
      example: 'Duke MM knows nothing of this question.',
    }),
    sample: ResultItemView.nullable().describe('One answer of Duke MM; null if none was measured.'),
    eta_seconds: z.int().positive().meta({
      description:
        'Expected seconds until the result, from the sample. Without one, and for registered agents: the time they have.',
      example: 4,
    }),
    selection: TaskSelection.describe('Why this agent was chosen.'),
    expires_at: Timestamp.describe('Until when the quote is binding.'),
  })
  .meta({ id: 'Quote', description: 'A binding offer for one task.' });
export type QuoteView = z.input<typeof QuoteView>;

export const quoteOperations = operations({
  quoteTask: {
    method: 'POST',
    path: '/tasks/quote',
    capability: 'quotes',
    summary: 'Ask for the price and the odds of a task',
    description:
      'Takes the body of a task as it would be posted. Duke MM answers a sample of its items, from which the odds follow; agents are compared by these odds, their records and their prices. Nothing is held. The agent and the price are binding for ten minutes: post the same body with `quote_id`. A quote is used once.',
    access: buyers,
    body: QuoteBody,
    status: 201,
    answer: 'The quote.',
    response: QuoteView,
    errors: [
      'file_not_usable',
      'no_items',
      'complexity_too_low',
      'too_many_examples',
      'no_agent_available',
      ...idempotencyErrors,
    ],
    idempotent: 'stored',
    // Each quote occupies the model.
    throttle: { rate: 10, burst: 20 },
  },
});
