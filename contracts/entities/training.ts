import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from './common.ts';
import { ItemPayload } from '../serving/invocation.ts';

/** How surely a label is known: corrected by the buyer, accepted by word, accepted by silence. */
export const LabelSource = z.enum(['correction', 'accepted', 'auto_accepted', 'refused']);

/** One outcome: an item whose label is confirmed, or known to be wrong. One JSON line of a training shard. */
export const TrainingExample = z.strictObject({
  id: z.string(),
  task_id: Id,
  result_id: Id,
  buyer_id: Id,
  family: z.string(),
  kind: Kind,
  description: z.string(),
  labels: z.array(z.string()).optional(),
  target: z.string().optional(),
  item: ItemPayload,
  /** The right answer; absent where an item was refused without one: then `prediction` is known not to be it. */
  expected: z.union([z.string(), z.number()]).optional(),
  prediction: z.union([z.string(), z.number()]),
  confidence: Probability.nullable(),
  success: z.boolean(),
  label_source: LabelSource,
  /** Share of a full label: 1 for the buyer's word, less for silence; 0 where silence met a confidence of 0.7 or less. */
  weight: z.number().min(0).max(1),
  agent_name: z.string(),
  model_version: ModelVersion.optional(),
  created_at: Timestamp,
});
export type TrainingExample = z.infer<typeof TrainingExample>;

/** The outcomes of one task: JSON lines in S3, written once, never changed. */
export const TrainingShard = z.strictObject({
  task_id: Id,
  result_id: Id,
  family: z.string(),
  uri: z.string(),
  sha256: Sha256,
  count: z.int().positive(),
  created_at: Timestamp,
});
export type TrainingShard = z.infer<typeof TrainingShard>;
