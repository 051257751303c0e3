import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from './common.ts';
import { ItemPayload } from '../serving/invocation.ts';
import { TrainingTrigger } from './run.ts';

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
  /** Of `count`, different items whose right answer is now known and can be learned: what the triggers count. */
  labels: z.int().nonnegative(),
  created_at: Timestamp,
});
export type TrainingShard = z.infer<typeof TrainingShard>;

/** Of what a buyer confirmed before, the newest items that a task of the same question is given. */
export const MAX_RECALLED = 300;
/** What a task is given of what its buyer confirmed before: JSON lines of `ExamplePayload`, never changed. */
export const Recalled = z.strictObject({ uri: z.string(), sha256: Sha256, count: z.int().positive() });
export type Recalled = z.infer<typeof Recalled>;

/** The newest confirmed items of one question of one buyer. */
export const Recall = z.strictObject({
  question: z.string(),
  snapshot: Recalled.optional(),
  /** Key of the snapshot before: tasks under way may still read it. */
  replaced: z.string().optional(),
  /** When each line of the snapshot was confirmed, milliseconds since 1970: what is newer wins, whenever it arrives. */
  confirmed_at: z.array(z.int()).max(MAX_RECALLED).optional(),
  /** Outcomes that no snapshot has yet, in the order in which they arrived. */
  waiting: z.array(
    z.strictObject({
      key: z.string(),
      size_bytes: z.int().positive(),
      confirmed: z.int().positive(),
      judged_at: Timestamp,
    }),
  ),
  /** Grows with each write; a writer that read an older one starts again. */
  revision: z.int().positive(),
  updated_at: Timestamp,
});
export type Recall = z.infer<typeof Recall>;

/** What the triggers count: labels (`TrainingShard.labels`); written once a batch of verdicts, never once a task. */
export const TrainingProgress = z.strictObject({
  outcomes_total: z.int().nonnegative(),
  /** When the success rate last started a run, and how many outcomes there were then. */
  success_trigger: z.strictObject({ at: Timestamp, outcomes_total: z.int().nonnegative() }).optional(),
  /** Grows with each write; a writer that read an older one starts again. */
  revision: z.int().nonnegative(),
  updated_at: Timestamp,
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

/** What runs leave for the next one; only the run that holds the lock writes it. */
export const TrainingState = z.strictObject({
  /** Labels up to here were in the data of a run that got as far as the gate. */
  trained_until: Timestamp.nullable(),
  /** How many outcomes there were when that data was prepared. */
  outcomes_at_training: z.int().nonnegative(),
  /** The newest manifest: its reservoir goes on in the next one. */
  reservoir_manifest: z.string().nullable(),
  /** Gates in a row that let nothing pass. */
  failed_gates: z.int().nonnegative(),
});
export type TrainingState = z.infer<typeof TrainingState>;

/** Held by one run at a time, from the request until the end, whatever the end is. */
export const TrainingLock = z.strictObject({
  run_id: Id,
  acquired_at: Timestamp,
  /** Later no execution can still be running. */
  expires_at: Timestamp,
  /** The first cause that came up meanwhile: one more run follows. */
  pending: TrainingTrigger.optional(),
});
export type TrainingLock = z.infer<typeof TrainingLock>;

/** A cause and what became of it. */
export const TriggerRecord = TrainingTrigger.extend({
  handled: z.enum(['started', 'remembered']).optional(),
  run_id: Id.optional(),
});
export type TriggerRecord = z.infer<typeof TriggerRecord>;
