import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';
import { Answer, Id, ModelVersion, Probability, StoredAgentId, Timestamp } from './common.ts';
import { ItemPrediction } from '../serving/invocation.ts';

export const Verdict = z.enum(['pending', 'accepted', 'rejected', 'auto_accepted']).meta({
  id: 'Verdict',
  description:
    'What the buyer said of a result; `auto_accepted`: nothing until the time for review was over.',
});
export type Verdict = z.infer<typeof Verdict>;

/** An item as delivered. An agent may leave confidence and explanation out; Duke MM never does. */
export const ResultItem = ItemPrediction.partial({ confidence: true, explanation: true });
export type ResultItem = z.infer<typeof ResultItem>;

/** Where the delivered items lie: one S3 object of JSON lines per chunk, in the order of the task's items. */
export const ResultPart = z.strictObject({ key: z.string(), count: z.int().positive() });
export type ResultPart = z.infer<typeof ResultPart>;

export const Correction = z.strictObject({
  item_id: Text({ max: LIMITS.itemId.value, min: 1 }).meta({
    description: 'The id of the item.',
    example: 'mail-17',
  }),
  expected: Answer.optional().meta({ description: 'The right answer.', example: 'ham' }),
  reason: Text({ max: LIMITS.reason.value, min: 1, trim: true })
    .optional()
    .meta({ description: 'Why the answer is refused, in words.', example: 'A colleague wrote this one.' }),
});
export type Correction = z.infer<typeof Correction>;

export const Feedback = z.strictObject({
  rating: z.int().min(1).max(5).optional(),
  comment: z.string().max(LIMITS.comment.value).optional(),
  /** Object of JSON lines of `Correction` in S3. */
  corrections_key: z.string().optional(),
  correction_count: z.int().nonnegative(),
  refused_count: z.int().nonnegative(),
});

const base = {
  id: Id,
  task_id: Id,
  buyer_id: Id,
  /** Name of the agent, for people. */
  agent_name: z.string(),
  agent_id: StoredAgentId,
  model_version: ModelVersion.optional(),
  result_text: z.string().max(100_000),
  item_count: z.int().positive(),
  parts: z.array(ResultPart),
  /** Whether the automatic checks passed; only such a result is delivered. */
  success: z.boolean(),
  confidence_score: Probability.nullable(),
  execution_time_ms: z.int().nonnegative(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  output_key: z.string().nullable(),
  created_at: Timestamp,
};

export const Result = z.discriminatedUnion('verdict', [
  z.strictObject({ ...base, verdict: z.literal('pending') }),
  z.strictObject({
    ...base,
    verdict: z.enum(['accepted', 'rejected']),
    judged_at: Timestamp,
    feedback: Feedback,
  }),
  z.strictObject({ ...base, verdict: z.literal('auto_accepted'), judged_at: Timestamp }),
]);
export type Result = z.infer<typeof Result>;
