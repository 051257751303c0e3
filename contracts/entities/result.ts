import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';
import { Answer, Id, ModelVersion, Probability, StoredAgentId, Timestamp } from './common.ts';
import { ItemPrediction } from '../serving/invocation.ts';

export const Verdict = z.enum(['pending', 'accepted', 'rejected', 'auto_accepted']).meta({
  id: 'Verdict',
  description: "The buyer's verdict on a result. `auto_accepted`: the review window passed without one.",
});
export type Verdict = z.infer<typeof Verdict>;

/** An item as delivered. Confidence and explanation are optional for agents and always present for Duke MM. */
export const ResultItem = ItemPrediction.partial({ confidence: true, explanation: true }).extend({
  answered_by: z.string().optional().meta({
    description: 'Name of the agent that gave this answer, in a task whose unsure items go to an agent.',
    example: 'duke-mm',
  }),
});
export type ResultItem = z.infer<typeof ResultItem>;

/** Location of delivered items: one S3 object of JSON lines per chunk, in the order of the task's items. */
export const ResultPart = z.strictObject({ key: z.string(), count: z.int().positive() });
export type ResultPart = z.infer<typeof ResultPart>;

export const Correction = z.strictObject({
  item_id: Text({ max: LIMITS.itemId.value, min: 1 }).meta({
    description: 'The id of the item.',
    example: 'mail-17',
  }),
  expected: Answer.optional().meta({ description: 'The correct answer.', example: 'ham' }),
  reason: Text({ max: LIMITS.reason.value, min: 1, trim: true })
    .optional()
    .meta({ description: 'Why the answer is refused.', example: 'A colleague wrote this one.' }),
});
export type Correction = z.infer<typeof Correction>;

export const Feedback = z.strictObject({
  rating: z.int().min(1).max(5).optional().meta({ description: 'Stars, 1 to 5.', example: 4 }),
  comment: z
    .string()
    .max(LIMITS.comment.value)
    .optional()
    .meta({ description: "The buyer's comment.", example: 'Good work.' }),
  /** Id of the request that gave the verdict, derived from its Idempotency-Key. Absent in older verdicts. */
  request_id: Id.optional(),
  /** Object of JSON lines of `Correction` in S3. */
  corrections_key: z.string().optional(),
  correction_count: z
    .int()
    .nonnegative()
    .meta({ description: 'Number of corrections with a correct answer.', example: 2 }),
  refused_count: z
    .int()
    .nonnegative()
    .meta({ description: 'Number of refused items, with or without a correct answer.', example: 3 }),
  /** Refused items that the reviewer had answered. */
  review_refused_count: z.int().nonnegative().optional(),
});

/** All fields of a result with their descriptions for clients. The verdict determines which of them are present. */
export const ResultFields = z.strictObject({
  id: Id.describe('The id of the result.'),
  task_id: Id.describe('The task it answers.'),
  buyer_id: Id,
  agent_name: z.string().meta({ description: 'Name of the agent that did the work.', example: 'duke-mm' }),
  agent_id: StoredAgentId,
  model_version: ModelVersion.optional().describe('The version of Duke MM that answered.'),
  result_text: z
    .string()
    .max(100_000)
    .meta({ description: 'Summary of the result in words.', example: '200 items: 120 ham, 80 spam.' }),
  item_count: z.int().positive().meta({ description: 'Number of answered items.', example: 200 }),
  /** Agent that answered the unsure items, and their number. */
  reviewer_id: Id.optional(),
  reviewer: z.string().optional(),
  review_item_count: z.int().positive().optional(),
  parts: z.array(ResultPart),
  /** Always true, since only results that passed the checks are delivered. */
  success: z.boolean().describe('Whether it passed the automatic checks.'),
  verdict: Verdict,
  confidence_score: Probability.nullable().describe('Mean confidence of the items; null if no item has one.'),
  execution_time_ms: z
    .int()
    .nonnegative()
    .meta({ description: 'Duration of the work in milliseconds.', example: 2300 }),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).meta({
    id: 'ResultMetadata',
    description: 'Further information about the work, by name.',
    example: { chunks: 4 },
  }),
  output_key: z.string().nullable(),
  feedback: Feedback,
  judged_at: Timestamp.describe('When it was judged.'),
  created_at: Timestamp.describe('When it was delivered.'),
});

const base = ResultFields.omit({ verdict: true, feedback: true, judged_at: true });
const { feedback, judged_at } = ResultFields.shape;

export const Result = z.discriminatedUnion('verdict', [
  base.extend({ verdict: z.literal('pending') }),
  base.extend({ verdict: z.enum(['accepted', 'rejected']), judged_at, feedback }),
  base.extend({ verdict: z.literal('auto_accepted'), judged_at }),
]);
export type Result = z.infer<typeof Result>;
