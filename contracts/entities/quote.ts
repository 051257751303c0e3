import * as z from 'zod';
import { AgentId, AgentName, BasisPoints, Id, Probability, Satoshis, Sha256, Timestamp } from './common.ts';
import { TaskSelection } from './selection.ts';

/** Odds that an agent does a task well, as told to the buyer. */
export const Odds = z
  .strictObject({
    success_probability: Probability.meta({
      description: 'Expected share of the items that the agent answers right.',
      example: 0.94,
    }),
    interval: z.tuple([Probability, Probability]).meta({
      description: 'Low and high: the share lies between them in 9 of 10 tasks.',
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
  .meta({ id: 'Odds', description: 'How probable it is that the answers are right.' });
export type Odds = z.infer<typeof Odds>;

/** A binding offer for one task of one buyer. */
export const Quote = z.strictObject({
  id: Id,
  buyer_id: Id,
  /** Hash of the canonical request; the task must be the same. */
  request_hash: Sha256,
  agent_id: AgentId,
  agent_name: AgentName,
  price_satoshis: Satoshis,
  reputation_bp: BasisPoints,
  selection: TaskSelection,
  odds: Odds,
  created_at: Timestamp,
  expires_at: Timestamp,
  /** The task that was posted with it. */
  task_id: Id.optional(),
});
export type Quote = z.infer<typeof Quote>;
