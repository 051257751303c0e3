import * as z from 'zod';
import { ACTIVE_RUN, ENDED_RUN } from '../rules/run-status.ts';
import { Id, ModelVersion, Timestamp } from './common.ts';
import { UnusableOfRun } from '../learning/unusable.ts';
import { GateDecision } from './model.ts';
import { TrialComparison, TrialFields } from './shadow-trial.ts';

export const TriggerReason = z
  .enum(['bootstrap', 'schedule', 'outcomes', 'success_rate', 'admin'])
  .meta({ id: 'TriggerReason', description: 'Why a training run was requested.' });
export type TriggerReason = z.infer<typeof TriggerReason>;

/** Why a run was requested. Repeated deliveries of one trigger have the same key, so it starts at most one run. */
export const TrainingTrigger = z.strictObject({
  key: z.string().regex(/^[a-z_]+-[A-Za-z0-9:.-]{1,120}$/),
  reason: TriggerReason,
  detail: z.string().max(500).meta({ description: 'The reason in words.', example: '100 new outcomes.' }),
  requested_by: Id.optional().describe('The administrator who requested it, if any.'),
  created_at: Timestamp,
});
export type TrainingTrigger = z.infer<typeof TrainingTrigger>;

/** Metrics of one training epoch, as `dukemm train` writes them; null if a metric does not apply. */
export const EpochMetrics = z
  .strictObject({
    epoch: z.int().nonnegative().meta({ description: 'The epoch, starting at 0.', example: 3 }),
    train_loss: z.number().nullable().meta({ description: 'Loss on the training data.', example: 0.21 }),
    val_loss: z.number().nullable().meta({ description: 'Loss on the held-out data.', example: 0.27 }),
    accuracy: z.number().nullable().meta({ description: 'Accuracy on the held-out data.', example: 0.92 }),
    f1: z
      .number()
      .nullable()
      .meta({ description: 'F1 on the held-out data, mean over classes.', example: 0.9 }),
  })
  .meta({
    id: 'EpochMetrics',
    description: 'Metrics of one training epoch; null if a metric does not apply.',
  });
export type EpochMetrics = z.infer<typeof EpochMetrics>;
/** Keeps the record below DynamoDB's 400 KB; training ends long before. */
export const MAX_EPOCHS = 500;

const Items = z.int().nonnegative().meta({ example: 400 });

/** The training data of a run: the counts of its manifest. */
export const RunData = z
  .strictObject({
    manifest_key: z.string().meta({
      description: 'Key of the manifest, which lists all training data.',
      example: 'training/runs/019ab5e0/manifest.json',
    }),
    window: z
      .strictObject({
        from: Timestamp.describe('Start of the time window.'),
        to: Timestamp.describe('End of the time window.'),
      })
      .meta({ id: 'TimeWindow', description: 'A span of time.' })
      .describe('When the labels were given.'),
    train: Items.meta({ description: 'Outcomes to train on.', example: 1600 }),
    validation: Items.describe('Outcomes held out for evaluation.'),
    reservoir: Items.describe('Outcomes of earlier runs that are permanently held out.'),
    replay: Items.describe('Outcomes of earlier runs to train on again.'),
    left_out: Items.meta({ description: 'Outcomes that could not be used.', example: 0 }),
    new_labels: Items.meta({ description: 'Labels that no earlier run had.', example: 2 }),
    families: Items.meta({
      description: 'Number of families (kinds of questions) among the outcomes.',
      example: 5,
    }),
    withdrawn_families: Items.optional().meta({
      description:
        'Number of families with outcomes that their buyer withdrew after the version in production was trained; absent if there are none.',
      example: 1,
    }),
    outcomes_total: Items.meta({
      description: 'Number of all outcomes when the run was prepared.',
      example: 4200,
    }),
  })
  .meta({ id: 'RunData', description: 'The training data of a run, as numbers of outcomes.' });
export type RunData = z.infer<typeof RunData>;

export const ActiveRunStatus = z.enum(ACTIVE_RUN);
export const RunStatus = z.enum([...ACTIVE_RUN, ...ENDED_RUN]).meta({
  id: 'RunStatus',
  description:
    'State of a training run. `promoted`: its version went into production. `archived`: it ended normally without a new version in production.',
});
export type RunStatus = z.infer<typeof RunStatus>;

/** `canary_failed`: it was worse on live work. `overtaken`: another version came into production while this one was being compared with the previous one. */
export const ArchiveCode = z.enum(['not_enough_data', 'gate_failed', 'canary_failed', 'overtaken']);

export const RunFailure = z
  .strictObject({
    step: z.string().meta({ description: 'The step that failed.', example: 'train' }),
    error: z.string().meta({ description: 'The kind of error.', example: 'TrainingJobFailed' }),
    cause: z.string().meta({ description: 'What happened.', example: 'The job was stopped.' }),
  })
  .meta({ id: 'RunFailure', description: 'Why a training run failed.' });

/** The figures of a canary in the record of its run. */
export const CanaryFigures = TrialFields.pick({ wins: true, losses: true, ties: true, tasks: true })
  .extend({ comparison: TrialComparison })
  .meta({
    id: 'CanaryFigures',
    description: 'How often the candidate and the version in production were right on the same live items.',
  });

/** Fields of training runs; `TrainingRun` says which a run has in each status. */
export const RunFields = z.strictObject({
  /** Also the name of its state machine execution. */
  id: Id.describe('The id of the run.'),
  trigger: TrainingTrigger,
  parent: ModelVersion.nullable().meta({
    description: 'The version in production when the run began.',
    example: '2',
  }),
  version: ModelVersion.describe('The version it trains; null until training is decided on.'),
  data: RunData.describe('The training data; null until it is prepared.'),
  curves: z.array(EpochMetrics).max(MAX_EPOCHS).describe('Metrics of each epoch so far.'),
  gate: GateDecision.describe('The decision of the gate.'),
  canary: CanaryFigures.describe('What its canary has shown.'),
  /** Inputs that the steps of the run could not use. */
  unusable: UnusableOfRun.optional(),
  reasons: z.array(z.string()).min(1),
  failure: RunFailure.describe('For failed runs: what went wrong.'),
  created_at: Timestamp.describe('When it was requested.'),
  updated_at: Timestamp.describe('When it last changed.'),
  finished_at: Timestamp.describe('When it ended.'),
});
const { finished_at, reasons, failure, ...running } = RunFields.partial({
  version: true,
  data: true,
  gate: true,
  canary: true,
}).shape;
const ended = { ...running, finished_at };

/** One execution of the training state machine. */
export const TrainingRun = z.discriminatedUnion('status', [
  z.strictObject({ ...running, status: ActiveRunStatus }),
  z.strictObject({ ...ended, status: z.literal('promoted'), version: ModelVersion }),
  /** Ended without an error and without a new version in production; `reasons` says why. */
  z.strictObject({
    ...ended,
    status: z.literal('archived'),
    code: ArchiveCode,
    reasons,
  }),
  z.strictObject({
    ...ended,
    status: z.literal('failed'),
    failure,
  }),
]);
export type TrainingRun = z.infer<typeof TrainingRun>;
