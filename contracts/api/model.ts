import * as z from 'zod';
import { Id, Kind, ModelVersion, nullableFields, Timestamp } from '../entities/common.ts';
import { GateDecision, ModelFields } from '../entities/model.ts';
import { EpochMetrics, RunFields, RunStatus, TrainingTrigger } from '../entities/run.ts';
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
    'State of a version. `archived`: it did not pass the gate. `retired`: it was in production before. `failed`: its training failed, so there is no artifact.',
});

const RunTrigger = TrainingTrigger.pick({ reason: true, detail: true, requested_by: true }).meta({
  id: 'RunTrigger',
  description: 'What started a training run.',
});

const { promoted_at, retired_at, failure_reason, size_bytes, sha256 } = ModelFields.shape;
/** A version as lists show it. Fields that a failed version lacks are null. */
export const VersionView = ModelFields.pick({
  version: true,
  parent: true,
  created_at: true,
  lineage: true,
  metrics: true,
  gate: true,
})
  .extend(nullableFields({ promoted_at, retired_at, failure_reason, size_bytes, sha256 }))
  .extend({
    state: ModelState,
    kinds: z.array(Kind).describe('The kinds of answers it gives; none for a failed version.'),
    promotable: z
      .enum(['yes', 'with_reason', 'no'])
      .describe(
        'Whether an administrator may promote it: without a reason, only with a reason, or not at all.',
      ),
  })
  .meta({
    id: 'ModelVersion',
    description: 'A version of Duke MM. Fields that a failed version lacks are null.',
  });
export type VersionView = z.infer<typeof VersionView>;

const { version, data, gate, failure, finished_at } = RunFields.shape;
/** A run as lists show it: without its curves. Fields that it does not have yet are null. */
export const RunSummary = RunFields.pick({ id: true, parent: true, created_at: true, updated_at: true })
  .extend(nullableFields({ version, data, gate, failure, finished_at }))
  .extend({
    status: RunStatus,
    trigger: RunTrigger.describe('What started it.'),
    epochs: z.int().meta({ description: 'Number of epochs trained so far.', example: 12 }),
    reasons: z.array(z.string()).meta({
      description: 'For archived runs: why no version was promoted.',
      example: ['There are 12 new outcomes; 100 are needed.'],
    }),
  })
  .meta({ id: 'TrainingRunSummary', description: 'A training run without its curves.' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({
  curves: RunFields.shape.curves,
  unusable: UnusableOfRun.describe(
    'Inputs that its steps could not use and skipped. For administrators only.',
  ),
}).meta({ id: 'TrainingRun', description: 'A training run.' });
export type RunView = z.infer<typeof RunView>;

const Triggers = z
  .strictObject({
    outcomes_total: z.int().meta({ description: 'All outcomes so far.', example: 4200 }),
    outcomes_since_training: z
      .int()
      .meta({ description: 'Outcomes that no run has learned from yet.', example: 37 }),
    outcomes_per_run: z
      .int()
      .meta({ description: 'Number of new outcomes that starts a run.', example: 100 }),
    success_rate_last_100: z.number().nullable().meta({
      description: 'Success rate of the last 100 judged tasks; null if there are none.',
      example: 0.93,
    }),
    judged_in_window: z.int().meta({ description: 'Number of tasks in that success rate.', example: 100 }),
    success_rate_floor: z
      .number()
      .meta({ description: 'A success rate below this starts a run.', example: 0.85 }),
    next_scheduled_at: Timestamp.nullable().describe(
      'When the next scheduled run starts; null if none is scheduled.',
    ),
  })
  .meta({
    id: 'TrainingTriggers',
    description: 'The conditions that start the next run, and their current values.',
  });

const EndpointStatus = z
  .strictObject({
    status: z.string().meta({
      description: 'The status that SageMaker reports; `InService` is the normal one.',
      example: 'InService',
    }),
  })
  .meta({ id: 'EndpointStatus', description: 'The endpoint that serves Duke MM.' });

export const ModelStatus = z
  .strictObject({
    production: VersionView.nullable().describe(
      'The version in production; null until there is a first one.',
    ),
    run: RunView.nullable().describe('The current run, with its curves so far.'),
    queued: z.boolean().describe('Whether another run was requested and will follow the current one.'),
    triggers: Triggers.describe('The conditions that start the next run.'),
    endpoint: EndpointStatus.describe('The endpoint that serves Duke MM.'),
  })
  .meta({
    id: 'ModelStatus',
    description:
      'The version in production, the current training run, and the conditions that start the next one.',
  });
export type ModelStatus = z.infer<typeof ModelStatus>;

const Figure = z.number().nullable().meta({ example: 0.91 });
const TakeoverDay = z
  .strictObject({
    day: z.iso.date().meta({ description: 'The day, in UTC.', example: '2026-03-01' }),
    judged: z.int().meta({ description: 'Tasks judged.', example: 40 }),
    duke_mm: z.int().meta({ description: 'Of these, tasks that Duke MM did.', example: 38 }),
    success_rate: Figure.describe('Mean share of items not refused, over all tasks.'),
    duke_mm_success_rate: Figure.describe('The same over the tasks done by Duke MM.'),
  })
  .meta({ id: 'TakeoverDay', description: 'The verdicts of one day: who did the work, and how well.' });
const NamedFamilyEvaluation = FamilyEvaluation.extend({
  family: z.string().meta({ description: 'The name of the family.', example: 'f3a9c1d2e4b5' }),
}).meta({
  id: 'NamedFamilyEvaluation',
  description: 'The metrics of two versions on the outcomes of one family.',
});

export const ModelMetrics = z
  .strictObject({
    version: ModelVersion.describe('The version that was measured.'),
    compared_with: ModelVersion.nullable().meta({
      description: 'The version in production at that time.',
      example: '2',
    }),
    accuracy: Figure.describe('Accuracy over all families; null if the version was never evaluated.'),
    precision: Figure.describe('Precision, mean over classes.'),
    recall: Figure.describe('Recall, mean over classes.'),
    f1: Figure.describe('F1, mean over classes.'),
    ece: Figure.meta({ description: 'Expected calibration error of the confidence.', example: 0.02 }),
    evaluated_at: Timestamp.nullable().describe('When it was measured.'),
    candidate: MeasuredScores.nullable().describe('All metrics of the version.'),
    production: MeasuredScores.nullable().describe('All metrics of the version in production at that time.'),
    flips: Flips.nullable().describe('Items on which the two versions differ.'),
    feature_importance: z
      .array(FieldImportance)
      .describe(
        'Importance by type of field (text, number, image). Field names are not shown, because they belong to the buyers.',
      ),
    gate: GateDecision.nullable().describe('The decision of the gate.'),
    gate_rules: z.array(GateRule).describe('The rules of the gate.'),
    families: z
      .array(NamedFamilyEvaluation)
      .describe('Metrics by family. Buyers see their own families, administrators all.'),
    curves: z.array(EpochMetrics).describe('Metrics of each training epoch.'),
    model_card_url: z.url().nullable().meta({
      description: 'URL of the model card in Markdown, valid for 15 minutes.',
      example: 'https://files.example.com/model-card.md?X-Amz-Signature=5d41402a',
    }),
    takeover: z.array(TakeoverDay).describe('Tasks judged, day by day, oldest first.'),
  })
  .meta({
    id: 'ModelMetrics',
    description: 'The metrics of a version compared with the one in production before it.',
  });
export type ModelMetrics = z.infer<typeof ModelMetrics>;

export const PromotionView = z
  .strictObject({
    version: ModelVersion.describe('The version in production now.'),
    previous: ModelVersion.nullable().meta({
      description: 'The version in production before.',
      example: '2',
    }),
    revision: z.int().meta({ description: 'Number of promotions so far.', example: 3 }),
    at: Timestamp.describe('When it was promoted.'),
  })
  .meta({ id: 'Promotion', description: 'A change of the version in production.' });
export type PromotionView = z.infer<typeof PromotionView>;

const TrainBody = z
  .strictObject({
    reason: Text({ max: MAX_REASON, min: 1, trim: true })
      .optional()
      .meta({ description: 'The reason, stored with the run.', example: 'New labels since yesterday.' }),
  })
  .meta({ id: 'Train', description: 'A request for a training run.' });
export type TrainBody = z.infer<typeof TrainBody>;
/** Either a new run, or a place in the queue behind the current one. */
const TrainAnswer = z
  .strictObject({
    run: RunView.optional().describe('The run that was started.'),
    queued: z
      .boolean()
      .meta({ description: 'Whether the request waits for the current run.', example: false }),
  })
  .meta({
    id: 'TrainingRequested',
    description: 'Either a new run, or a place in the queue behind the current one.',
  });
export type TrainAnswer = z.infer<typeof TrainAnswer>;

const request = {
  method: 'POST',
  capability: 'learning',
  access: admins,
  description:
    'For administrators. Starts a run at once, or queues the request while another run is in progress (`queued` is true then). A run promotes or archives its version without further requests.',
  body: TrainBody,
  status: 202,
  answer: 'A run has started, or will follow the current one.',
  response: TrainAnswer,
  errors: idempotencyErrors,
  idempotent: 'stored',
} as const;

export const modelOperations = operations({
  train: { ...request, path: '/model/train', summary: 'Request a training run' },
  triggerRetraining: {
    ...request,
    path: '/admin/trigger-retraining',
    summary: 'Request a training run (the same as `/model/train`)',
  },
  getModelStatus: {
    method: 'GET',
    path: '/model/status',
    capability: 'learning',
    summary: 'The version in production and the current training run',
    description: 'For all signed-in users.',
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
    summary: 'Metrics of a version',
    description:
      'The metrics of the evaluation that the gate decided by. Metrics of a family are visible only to its buyer and to administrators.',
    access: everyone,
    query: z.strictObject({
      version: ModelVersion.optional().describe('The version to show; by default the one in production.'),
    }),
    status: 200,
    answer: 'The metrics of the version.',
    response: ModelMetrics,
    errors: ['not_found'],
  },
  listVersions: {
    method: 'GET',
    path: '/model/versions',
    capability: 'learning',
    summary: 'Versions of Duke MM, newest first',
    description: 'All versions, with their origin and the decision of the gate.',
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
      'For administrators. Also used to roll back to an earlier version. Answers 409 `not_deployable` if the version did not pass the gate and no `override_reason` is given, or if it has no artifact.',
    access: admins,
    params: z.strictObject({ version: ModelVersion.describe('The version to promote.') }),
    body: z
      .strictObject({
        override_reason: Text({ max: MAX_REASON, min: 3, trim: true }).optional().meta({
          description:
            'Why to override the gate. Required if the version did not pass the gate; stored with the promotion.',
          example: 'The old version does not know the new labels.',
        }),
      })
      .meta({ id: 'Promote', description: 'Options of a promotion.' }),
    status: 200,
    answer: 'The version is in production.',
    response: PromotionView,
    errors: ['not_found', 'not_deployable', 'conflict'],
  },
});
