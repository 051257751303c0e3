import * as z from 'zod';
import { Id, Kind, ModelVersion, Sha256, Timestamp } from '../entities/common.ts';
import { GateDecision, Lineage, MetricsSummary } from '../entities/model.ts';
import { EpochMetrics, RunData, RunFailure, RunStatus, TrainingTrigger } from '../entities/run.ts';
import {
  FamilyEvaluation,
  FieldImportance,
  Flips,
  GateRule,
  MeasuredScores,
} from '../learning/evaluation.ts';
import { UnusableOfRun } from '../learning/unusable.ts';
import { MAX_REASON } from '../limits.ts';
import { Text } from '../text.ts';
import { admins, everyone, idempotencyErrors, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const ModelState = z.enum(['candidate', 'archived', 'production', 'retired', 'failed']).meta({
  id: 'ModelState',
  description:
    'Where a version is. `archived`: the gate did not let it pass. `retired`: it served before. `failed`: it never was made.',
});

const RunTrigger = TrainingTrigger.pick({ reason: true, detail: true, requested_by: true }).meta({
  id: 'RunTrigger',
  description: 'What started a training run.',
});

/** A version as lists show it. What a failed one never got is null. */
export const VersionView = z
  .strictObject({
    version: ModelVersion.describe('Its number.'),
    state: ModelState,
    kinds: z.array(Kind).describe('The kinds of answers it gives.'),
    parent: ModelVersion.nullable().meta({ description: 'The version it was made from.', example: '2' }),
    created_at: Timestamp.describe('When it was made.'),
    promoted_at: Timestamp.nullable().describe('When it went into production.'),
    retired_at: Timestamp.nullable().describe('When another version took its place.'),
    failure_reason: z
      .string()
      .nullable()
      .meta({ description: 'Of failed versions: why, in words.', example: null }),
    size_bytes: z
      .int()
      .nullable()
      .meta({ description: 'Size of the artifact in bytes.', example: 8_400_000 }),
    sha256: Sha256.nullable().describe('SHA-256 of the artifact.'),
    lineage: Lineage.nullable().describe('Where it comes from; null for one that no run made.'),
    metrics: MetricsSummary.nullable().describe('How it did beside the version in production at that time.'),
    gate: GateDecision.nullable().describe('What the gate decided about it.'),
    promotable: z
      .enum(['yes', 'with_reason', 'no'])
      .describe('Whether an administrator may promote it as it is, with a reason only, or not at all.'),
  })
  .meta({ id: 'ModelVersion', description: 'A version of Duke MM. What a failed one never got is null.' });
export type VersionView = z.infer<typeof VersionView>;

/** A run as lists show it: without its curves. */
export const RunSummary = z
  .strictObject({
    id: Id.describe('The id of the run.'),
    status: RunStatus,
    trigger: RunTrigger.describe('What started it.'),
    parent: ModelVersion.nullable().meta({
      description: 'The version in production when it began.',
      example: '2',
    }),
    version: ModelVersion.nullable().describe('The version it makes, once one is to be made.'),
    data: RunData.nullable().describe('What it learns from, once that is prepared.'),
    epochs: z.int().meta({ description: 'How many epochs were trained.', example: 12 }),
    gate: GateDecision.nullable().describe('What the gate decided.'),
    reasons: z.array(z.string()).meta({
      description: 'Of archived runs: why.',
      example: ['There are 12 new outcomes; 100 are needed.'],
    }),
    failure: RunFailure.nullable().describe('Of failed runs: what went wrong.'),
    created_at: Timestamp.describe('When it was asked for.'),
    updated_at: Timestamp.describe('When it last changed.'),
    finished_at: Timestamp.nullable().describe('When it ended.'),
  })
  .meta({ id: 'TrainingRunSummary', description: 'A training run without its curves.' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({
  curves: z.array(EpochMetrics).describe('What each epoch reached so far.'),
  unusable: UnusableOfRun.describe('What its steps could not use and went on without. For admins only.'),
}).meta({ id: 'TrainingRun', description: 'A training run.' });
export type RunView = z.infer<typeof RunView>;

const Triggers = z
  .strictObject({
    outcomes_total: z.int().meta({ description: 'All outcomes so far.', example: 4200 }),
    outcomes_since_training: z
      .int()
      .meta({ description: 'Outcomes that no run has learned from yet.', example: 37 }),
    outcomes_per_run: z.int().meta({ description: 'So many new outcomes start a run.', example: 100 }),
    success_rate_last_100: z.number().nullable().meta({
      description: 'Success of the last 100 judged tasks; null before there is one.',
      example: 0.93,
    }),
    judged_in_window: z.int().meta({ description: 'How many tasks that is over.', example: 100 }),
    success_rate_floor: z.number().meta({ description: 'Below it a run starts.', example: 0.85 }),
    next_scheduled_at: Timestamp.nullable().describe(
      'When the next run starts by schedule; null where none does.',
    ),
  })
  .meta({ id: 'TrainingTriggers', description: 'What would start the next run, and how far that is.' });

const EndpointStatus = z
  .strictObject({
    status: z
      .string()
      .meta({ description: 'What SageMaker says of it; `InService` is well.', example: 'InService' }),
  })
  .meta({ id: 'EndpointStatus', description: 'The endpoint that serves Duke MM.' });

export const ModelStatus = z
  .strictObject({
    production: VersionView.nullable().describe('The version that serves; null until a first one does.'),
    run: RunView.nullable().describe('The current run, with its curves so far.'),
    queued: z.boolean().describe('Whether another run was asked for meanwhile and follows.'),
    triggers: Triggers.describe('What would start the next run.'),
    endpoint: EndpointStatus.describe('The endpoint that serves.'),
  })
  .meta({
    id: 'ModelStatus',
    description: 'What serves, what is being trained, and what would start the next run.',
  });
export type ModelStatus = z.infer<typeof ModelStatus>;

const Figure = z.number().nullable().meta({ example: 0.91 });
const TakeoverDay = z
  .strictObject({
    day: z.iso.date().meta({ description: 'The day, in UTC.', example: '2026-03-01' }),
    judged: z.int().meta({ description: 'Tasks judged.', example: 40 }),
    duke_mm: z.int().meta({ description: 'Of these, tasks that Duke MM did.', example: 38 }),
    success_rate: Figure.describe('Mean share of items not refused, of all.'),
    duke_mm_success_rate: Figure.describe('The same, of Duke MM.'),
  })
  .meta({ id: 'TakeoverDay', description: 'One day of verdicts: by whom the work was done, and how well.' });
const NamedFamilyEvaluation = FamilyEvaluation.extend({
  family: z.string().meta({ description: 'The name of the family.', example: 'f3a9c1d2e4b5' }),
}).meta({ id: 'NamedFamilyEvaluation', description: 'How two versions do on the outcomes of one family.' });

export const ModelMetrics = z
  .strictObject({
    version: ModelVersion.describe('The version that was measured.'),
    compared_with: ModelVersion.nullable().meta({
      description: 'The version in production at that time.',
      example: '2',
    }),
    accuracy: Figure.describe('Accuracy over all families; null where the version was never evaluated.'),
    precision: Figure.describe('Precision, mean over classes.'),
    recall: Figure.describe('Recall, mean over classes.'),
    f1: Figure.describe('F1, mean over classes.'),
    ece: Figure.meta({ description: 'Expected calibration error of the confidence.', example: 0.02 }),
    evaluated_at: Timestamp.nullable().describe('When it was measured.'),
    candidate: MeasuredScores.nullable().describe('All figures of the version.'),
    production: MeasuredScores.nullable().describe('All figures of the version in production at that time.'),
    flips: Flips.nullable().describe('What changed between them.'),
    feature_importance: z
      .array(FieldImportance)
      .describe(
        'By what the fields are (text, number, image): no name of a field is told to others than its buyer.',
      ),
    gate: GateDecision.nullable().describe('What the gate decided.'),
    gate_rules: z.array(GateRule).describe('Each rule of the gate.'),
    families: z
      .array(NamedFamilyEvaluation)
      .describe('A buyer sees their own families, an administrator all.'),
    curves: z.array(EpochMetrics).describe('What each epoch of training reached.'),
    model_card_url: z.url().nullable().meta({
      description: 'The model card as Markdown, to download within 15 minutes.',
      example: 'https://files.example.com/model-card.md?X-Amz-Signature=5d41402a',
    }),
    takeover: z.array(TakeoverDay).describe('Tasks judged, day by day, oldest first.'),
  })
  .meta({ id: 'ModelMetrics', description: 'How a version did beside the one before.' });
export type ModelMetrics = z.infer<typeof ModelMetrics>;

export const PromotionView = z
  .strictObject({
    version: ModelVersion.describe('The version that serves now.'),
    previous: ModelVersion.nullable().meta({ description: 'The version that served before.', example: '2' }),
    revision: z.int().meta({ description: 'Counts the changes of what serves.', example: 3 }),
    at: Timestamp.describe('When it changed.'),
  })
  .meta({ id: 'Promotion', description: 'A change of what serves.' });
export type PromotionView = z.infer<typeof PromotionView>;

const TrainBody = z
  .strictObject({
    reason: Text({ max: MAX_REASON, min: 1, trim: true })
      .optional()
      .meta({ description: 'Why, in words: it stands in the run.', example: 'New labels since yesterday.' }),
  })
  .meta({ id: 'Train', description: 'A wish for a training run.' });
export type TrainBody = z.infer<typeof TrainBody>;
/** Either a run of its own, or a place behind the current one. */
const TrainAnswer = z
  .strictObject({
    run: RunView.optional().describe('The run that was started.'),
    queued: z.boolean().meta({ description: 'Whether it waits for the current run.', example: false }),
  })
  .meta({
    id: 'TrainingRequested',
    description: 'Either a run of its own, or a place behind the current one.',
  });
export type TrainAnswer = z.infer<typeof TrainAnswer>;

const request = {
  method: 'POST',
  capability: 'learning',
  access: admins,
  description:
    'For administrators. Starts a run at once, or remembers the wish while another run is in progress: `queued` is true then. A run ends by itself in promotion or archive.',
  body: TrainBody,
  status: 202,
  answer: 'A run has started, or follows the current one.',
  response: TrainAnswer,
  errors: idempotencyErrors,
  idempotent: 'stored',
} as const;

export const modelOperations = operations({
  train: { ...request, path: '/model/train', summary: 'Ask for a training run' },
  triggerRetraining: {
    ...request,
    path: '/admin/trigger-retraining',
    summary: 'Ask for a training run (the same as `/model/train`)',
  },
  getModelStatus: {
    method: 'GET',
    path: '/model/status',
    capability: 'learning',
    summary: 'What serves, and what is being trained',
    description: 'For everybody who is signed in.',
    access: everyone,
    status: 200,
    answer: 'The state of Duke MM.',
    response: ModelStatus,
    errors: [],
  },
  getModelMetrics: {
    method: 'GET',
    path: '/model/metrics',
    capability: 'learning',
    summary: 'How a version did',
    description:
      'The figures of the evaluation that decided about a version. What is about one family is shown to its buyer and to administrators only.',
    access: everyone,
    query: z.strictObject({
      version: ModelVersion.optional().describe('The version to show. Without it the one in production.'),
    }),
    status: 200,
    answer: 'The figures of the version.',
    response: ModelMetrics,
    errors: ['not_found'],
  },
  listVersions: {
    method: 'GET',
    path: '/model/versions',
    capability: 'learning',
    summary: 'Versions of Duke MM, newest first',
    description: 'Every version there ever was, with its origin and what the gate decided.',
    access: everyone,
    query: PageQuery,
    status: 200,
    answer: 'One page of versions.',
    response: pageOf('ModelVersionPage', VersionView),
    errors: [],
  },
  listRuns: {
    method: 'GET',
    path: '/model/runs',
    capability: 'learning',
    summary: 'Training runs, newest first',
    description: 'For administrators.',
    access: admins,
    query: PageQuery,
    status: 200,
    answer: 'One page of training runs.',
    response: pageOf('TrainingRunPage', RunSummary),
    errors: [],
  },
  getRun: {
    method: 'GET',
    path: '/model/runs/{run_id}',
    capability: 'learning',
    summary: 'One training run with its curves',
    description: 'For administrators.',
    access: admins,
    params: z.strictObject({ run_id: Id.describe('The id of the run.') }),
    status: 200,
    answer: 'The training run.',
    response: RunView,
    errors: ['not_found'],
  },
  promoteVersion: {
    method: 'POST',
    path: '/model/promote/{version}',
    capability: 'learning',
    summary: 'Put a version in production',
    description:
      'For administrators. Also the way back to an earlier version. 409 `not_deployable` where the gate did not let it pass and no `override_reason` is given, or where it was never made.',
    access: admins,
    params: z.strictObject({ version: ModelVersion.describe('The version to promote.') }),
    body: z
      .strictObject({
        override_reason: Text({ max: MAX_REASON, min: 3, trim: true }).optional().meta({
          description:
            'Why to pass the gate. Needed where it did not let the version pass; kept with the promotion.',
          example: 'The old version does not know the new labels.',
        }),
      })
      .meta({ id: 'Promote', description: 'How to promote.' }),
    status: 200,
    answer: 'The version serves.',
    response: PromotionView,
    errors: ['not_found', 'not_deployable', 'conflict'],
  },
});
