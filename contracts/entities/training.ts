import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from './common.ts';
import { LIMITS, MAX_FAMILY_NAME, MAX_STORED_LABEL } from '../limits.ts';
import { distinctLabels, ItemPayload, StoredAnswer } from '../serving/invocation.ts';
import { StoredText } from '../text.ts';
import { TrainingTrigger } from './run.ts';

/** Where a label comes from: corrected, accepted, accepted automatically, or refused by the buyer. */
export const LabelSource = z.enum(['correction', 'accepted', 'auto_accepted', 'refused']);

/** One outcome: an item whose label is confirmed or known to be wrong. One JSON line of a training shard. */
export const TrainingExample = z.strictObject({
  /** `<result id>#<item id>`. */
  id: StoredText({ max: 400, min: 1 }),
  task_id: Id,
  result_id: Id,
  buyer_id: Id,
  family: StoredText({ max: MAX_FAMILY_NAME, min: 1 }),
  kind: Kind,
  description: StoredText({ max: LIMITS.description.value, min: 1 }),
  labels: distinctLabels(MAX_STORED_LABEL).optional(),
  target: StoredText({ max: LIMITS.fieldName.value, min: 1 }).optional(),
  item: ItemPayload,
  /** The correct answer; absent if the item was refused without one, in which case `prediction` is wrong. Bounded by `answerFault`. */
  expected: z.union([z.string(), z.number()]).optional(),
  prediction: StoredAnswer,
  confidence: Probability.nullable(),
  success: z.boolean(),
  label_source: LabelSource,
  /** Weight of the label: 1 for an explicit verdict, less for automatic acceptance, 0 for the latter at confidence ≤ 0.7. */
  weight: z.number().min(0).max(1),
  agent_name: StoredText({ max: 80, min: 1 }),
  model_version: ModelVersion.optional(),
  created_at: Timestamp,
  /** Share of the task's price that the item costs; absent in outcomes of earlier releases. */
  price_satoshis: z.number().nonnegative().optional(),
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
  /** Of `count`, the number of distinct items with a known, learnable answer. The triggers count these. */
  labels: z.int().nonnegative(),
  created_at: Timestamp,
});
export type TrainingShard = z.infer<typeof TrainingShard>;

/** Maximum number of previously confirmed items that are added to a task of the same question, newest first. */
export const MAX_RECALLED = 300;
/** Snapshot of confirmed items added to a task: JSON lines of `ExamplePayload`, never changed. */
export const Recalled = z.strictObject({ uri: z.string(), sha256: Sha256, count: z.int().positive() });
export type Recalled = z.infer<typeof Recalled>;

/** The newest confirmed items of one question of one buyer. */
export const Recall = z.strictObject({
  question: z.string(),
  snapshot: Recalled.optional(),
  /** Key of the previous snapshot, which running tasks may still read. */
  replaced: z.string().optional(),
  /** When each line of the snapshot was confirmed, in ms since 1970. The newest wins, regardless of arrival order. */
  confirmed_at: z.array(z.int()).max(MAX_RECALLED).optional(),
  /** Outcomes that are not in a snapshot yet, in order of arrival. */
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

/** Number of labels (`TrainingShard.labels`) for the triggers; written once per batch of verdicts, not once per task. */
export const TrainingProgress = z.strictObject({
  outcomes_total: z.int().nonnegative(),
  /** When the success rate last started a run, and the number of outcomes at that time. */
  success_trigger: z.strictObject({ at: Timestamp, outcomes_total: z.int().nonnegative() }).optional(),
  /** Grows with each write; a writer that read an older one starts again. */
  revision: z.int().nonnegative(),
  updated_at: Timestamp,
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

/** State passed from run to run; only the run that holds the lock writes it. */
export const TrainingState = z.strictObject({
  /** End of the time window of the last run that reached the gate. */
  trained_until: Timestamp.nullable(),
  /** Number of outcomes when the data of that run was prepared. */
  outcomes_at_training: z.int().nonnegative(),
  /** The newest manifest; the next one continues its reservoir. */
  reservoir_manifest: z.string().nullable(),
  /** Number of consecutive runs that did not pass the gate. */
  failed_gates: z.int().nonnegative(),
});
export type TrainingState = z.infer<typeof TrainingState>;

/** Held by one run at a time, from its request until it ends in any way. */
export const TrainingLock = z.strictObject({
  run_id: Id,
  acquired_at: Timestamp,
  /** No execution can still be running after this time. */
  expires_at: Timestamp,
  /** The first trigger that arrived during the run; it starts the next run. */
  pending: TrainingTrigger.optional(),
});
export type TrainingLock = z.infer<typeof TrainingLock>;

/** A trigger and how it was handled. */
export const TriggerRecord = TrainingTrigger.extend({
  handled: z.enum(['started', 'remembered']).optional(),
  run_id: Id.optional(),
});
export type TriggerRecord = z.infer<typeof TriggerRecord>;
