import * as z from 'zod';
import { AgentId, AgentName, BasisPoints, Id, Probability, Satoshis, Sha256, Timestamp } from './common.ts';
import { TaskSelection } from './selection.ts';

/** The expected success of an agent on a task, as shown to the buyer. */
export const Odds = z
  .strictObject({
    success_probability: Probability.meta({
      description: 'Expected share of items that the agent answers correctly.',
      example: 0.94,
    }),
    interval: z.tuple([Probability, Probability]).meta({
      description: '90 % interval of that share: lower and upper bound.',
      example: [0.86, 0.98],
    }),
    basis: z
      .enum(['measured', 'record'])
      .describe(
        '`measured`: Duke MM answered a sample of these very items. `record`: from the judged tasks of the agent only.',
      ),
    sampled_count: z
      .int()
      .nonnegative()
      .meta({ description: 'Number of items that Duke MM answered for the quote.', example: 24 }),
  })
  .meta({ id: 'Odds', description: 'The expected success of the agent on this task.' });
export type Odds = z.infer<typeof Odds>;

/** A binding offer for one task of one buyer. */
export const Quote = z.strictObject({
  id: Id,
  buyer_id: Id,
  /** Hash of the canonical request; a task posted with the quote must have the same hash. */
  request_hash: Sha256,
  agent_id: AgentId,
  agent_name: AgentName,
  price_satoshis: Satoshis,
  reputation_bp: BasisPoints,
  selection: TaskSelection,
  odds: Odds,
  created_at: Timestamp,
  expires_at: Timestamp,
  /** The task that used the quote. */
  task_id: Id.optional(),
});
export type Quote = z.infer<typeof Quote>;
