import * as z from 'zod';
import { ACTIVE_RUN, ENDED_RUN } from '../rules/run-status.ts';
import { Id, ModelVersion, Timestamp } from './common.ts';
import { UnusableOfRun } from '../learning/unusable.ts';
import { GateDecision } from './model.ts';

export const TriggerReason = z
  .enum(['bootstrap', 'schedule', 'outcomes', 'success_rate', 'admin'])
  .meta({ id: 'TriggerReason', description: 'Why a training run was asked for.' });
export type TriggerReason = z.infer<typeof TriggerReason>;

/** Why a run was asked for. One cause has one key, however often and by whomever it is told: it starts at most one run. */
export const TrainingTrigger = z.strictObject({
  key: z.string().regex(/^[a-z_]+-[A-Za-z0-9:.-]{1,120}$/),
  reason: TriggerReason,
  detail: z.string().max(500).meta({ description: 'The reason in words.', example: '100 new outcomes.' }),
  requested_by: Id.optional().describe('The administrator who asked for it, if one did.'),
  created_at: Timestamp,
});
export type TrainingTrigger = z.infer<typeof TrainingTrigger>;

/** What one epoch of training reached, as `dukemm train` writes it; null where it does not apply. */
export const EpochMetrics = z
  .strictObject({
    epoch: z.int().nonnegative().meta({ description: 'Which epoch, from 0.', example: 3 }),
    train_loss: z.number().nullable().meta({ description: 'Loss over what was trained on.', example: 0.21 }),
    val_loss: z.number().nullable().meta({ description: 'Loss over what was held out.', example: 0.27 }),
    accuracy: z.number().nullable().meta({ description: 'Accuracy over what was held out.', example: 0.92 }),
    f1: z.number().nullable().meta({ description: 'Mean F1 over what was held out.', example: 0.9 }),
  })
  .meta({
    id: 'EpochMetrics',
    description: 'What one epoch of training reached; null where a figure does not apply.',
  });
export type EpochMetrics = z.infer<typeof EpochMetrics>;
/** A record in the table ends at 400 KB; training ends long before this. */
export const MOST_EPOCHS = 500;

const Items = z.int().nonnegative().meta({ example: 400 });

/** What a run learned from: the counts of its manifest. */
export const RunData = z
  .strictObject({
    manifest_key: z.string().meta({
      description: 'The list of everything that went in.',
      example: 'training/runs/019ab5e0/manifest.json',
    }),
    window: z
      .strictObject({
        from: Timestamp.describe('Labels from here on.'),
        to: Timestamp.describe('Labels up to here.'),
      })
      .meta({ id: 'TimeWindow', description: 'A span of time.' })
      .describe('When the labels were given.'),
    train: Items.meta({ description: 'Outcomes to train on.', example: 1600 }),
    validation: Items.describe('Outcomes held out to measure on.'),
    reservoir: Items.describe('Outcomes of earlier runs, held out for good.'),
    replay: Items.describe('Outcomes of earlier runs, trained on again.'),
    left_out: Items.meta({ description: 'Outcomes that could not be used.', example: 0 }),
    new_labels: Items.meta({ description: 'Labels that no earlier run had.', example: 2 }),
    families: Items.meta({ description: 'Kinds of questions among them.', example: 5 }),
    outcomes_total: Items.meta({
      description: 'All outcomes there were when the run was prepared.',
      example: 4200,
    }),
  })
  .meta({ id: 'RunData', description: 'What a run learned from.' });
export type RunData = z.infer<typeof RunData>;

export const ActiveRunStatus = z.enum(ACTIVE_RUN);
export const RunStatus = z.enum([...ACTIVE_RUN, ...ENDED_RUN]).meta({
  id: 'RunStatus',
  description:
    'Where a training run is. `promoted`: its version serves. `archived`: it ended well without a new version in production.',
});
export type RunStatus = z.infer<typeof RunStatus>;

/** `overtaken`: by another version, which came into production while this one was compared with the one before. */
export const ArchiveCode = z.enum(['not_enough_data', 'gate_failed', 'overtaken']);

export const RunFailure = z
  .strictObject({
    step: z.string().meta({ description: 'The step that failed.', example: 'train' }),
    error: z.string().meta({ description: 'The kind of error.', example: 'TrainingJobFailed' }),
    cause: z.string().meta({ description: 'What happened, in words.', example: 'The job was stopped.' }),
  })
  .meta({ id: 'RunFailure', description: 'Why a training run failed.' });

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
  /** What its steps could not use, as far as they have come. */
  unusable: UnusableOfRun.optional(),
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
    failure: RunFailure,
  }),
]);
export type TrainingRun = z.infer<typeof TrainingRun>;
