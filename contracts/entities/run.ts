import * as z from 'zod';
import { Id, ModelVersion, Timestamp } from './common.ts';
import { GateDecision } from './model.ts';

export const TriggerReason = z.enum(['bootstrap', 'schedule', 'outcomes', 'success_rate', 'admin']);
export type TriggerReason = z.infer<typeof TriggerReason>;

/** Why a run was asked for. One cause has one key, however often and by whomever it is told: it starts at most one run. */
export const TrainingTrigger = z.strictObject({
  key: z.string().regex(/^[a-z_]+-[A-Za-z0-9:.-]{1,120}$/),
  reason: TriggerReason,
  /** In words. */
  detail: z.string().max(500),
  requested_by: Id.optional(),
  created_at: Timestamp,
});
export type TrainingTrigger = z.infer<typeof TrainingTrigger>;

/** What one epoch of training reached, as `dukemm train` writes it; null where it does not apply. */
export const EpochMetrics = z.strictObject({
  epoch: z.int().nonnegative(),
  train_loss: z.number().nullable(),
  val_loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  f1: z.number().nullable(),
});
export type EpochMetrics = z.infer<typeof EpochMetrics>;
/** A record in the table ends at 400 KB; training ends long before this. */
export const MOST_EPOCHS = 500;

/** What a run learned from: the counts of its manifest. */
export const RunData = z.strictObject({
  manifest_key: z.string(),
  window: z.strictObject({ from: Timestamp, to: Timestamp }),
  train: z.int().nonnegative(),
  validation: z.int().nonnegative(),
  reservoir: z.int().nonnegative(),
  replay: z.int().nonnegative(),
  left_out: z.int().nonnegative(),
  /** Labels that no earlier run had. */
  new_labels: z.int().nonnegative(),
  families: z.int().nonnegative(),
  /** What the count of outcomes was when it was prepared. */
  outcomes_total: z.int().nonnegative(),
});
export type RunData = z.infer<typeof RunData>;

export const ActiveRunStatus = z.enum(['starting', 'preparing', 'training', 'evaluating', 'deciding']);
export const RunStatus = z.enum([...ActiveRunStatus.options, 'promoted', 'archived', 'failed']);
export type RunStatus = z.infer<typeof RunStatus>;

/** `overtaken`: by another version, which came into production while this one was compared with the one before. */
export const ArchiveCode = z.enum(['not_enough_data', 'gate_failed', 'overtaken']);

const base = {
  /** Also the name of its execution of the state machine. */
  id: Id,
  trigger: TrainingTrigger,
  /** The version in production when it began; null for the first. */
  parent: ModelVersion.nullable(),
  /** Of the candidate, once one is to be trained. */
  version: ModelVersion.optional(),
  data: RunData.optional(),
  curves: z.array(EpochMetrics).max(MOST_EPOCHS),
  gate: GateDecision.optional(),
  created_at: Timestamp,
  updated_at: Timestamp,
};
const ended = { ...base, finished_at: Timestamp };

/** One passage through the state machine. */
export const TrainingRun = z.discriminatedUnion('status', [
  z.strictObject({ ...base, status: ActiveRunStatus }),
  z.strictObject({ ...ended, status: z.literal('promoted'), version: ModelVersion }),
  /** Ended without a new version in production, and nothing was wrong: the reasons say why. */
  z.strictObject({
    ...ended,
    status: z.literal('archived'),
    code: ArchiveCode,
    reasons: z.array(z.string()).min(1),
  }),
  z.strictObject({
    ...ended,
    status: z.literal('failed'),
    failure: z.strictObject({ step: z.string(), error: z.string(), cause: z.string() }),
  }),
]);
export type TrainingRun = z.infer<typeof TrainingRun>;
