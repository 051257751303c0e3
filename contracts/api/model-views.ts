import * as z from 'zod';
import { Kind, ModelVersion, Timestamp, nullableFields } from '../entities/common.ts';
import { GateDecision, ModelFields } from '../entities/model.ts';
import { EpochMetrics, RunFields, RunStatus, TrainingTrigger } from '../entities/run.ts';
import { TrialComparison, TrialFields } from '../entities/shadow-trial.ts';
import { FamilyEvaluation, FieldImportance, Flips, GateRule } from '../learning/evaluation.ts';
import { MeasuredScores } from '../learning/scores.ts';
import { UnusableOfRun } from '../learning/unusable.ts';

export const ModelState = z.enum(['candidate', 'archived', 'production', 'retired', 'failed']).meta({
  id: 'ModelState',
  description:
    'State of a version. `archived`: it did not pass the gate. `retired`: it was in production before. `failed`: its training failed, so there is no artifact.',
});

const RunTrigger = TrainingTrigger.pick({ reason: true, detail: true, requested_by: true }).meta({
  id: 'RunTrigger',
  description: 'What started a training run.',
});

const { promoted_at, retired_at, rollback_reason, failure_reason, size_bytes, sha256 } = ModelFields.shape;

/** A version as lists show it. Fields that a failed version lacks are null. */
export const VersionView = ModelFields.pick({
  version: true,
  parent: true,
  created_at: true,
  lineage: true,
  metrics: true,
  gate: true,
})
  .extend(nullableFields({ promoted_at, retired_at, rollback_reason, failure_reason, size_bytes, sha256 }))
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

const { version, data, gate, canary, failure, finished_at } = RunFields.shape;

/** A run as lists show it: without its curves. Fields that it does not have yet are null. */
export const RunSummary = RunFields.pick({ id: true, parent: true, created_at: true, updated_at: true })
  .extend(nullableFields({ version, data, gate, canary, failure, finished_at }))
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

const TrialView = TrialFields.omit({
  ...{ ended_at: true, revision: true },
  ...{ max_buyer_wins: true, max_buyer_losses: true, sole_buyer_decides: true },
} as const)
  .extend(nullableFields({ ended_at: TrialFields.shape.ended_at }))
  .extend({
    comparison: TrialComparison.describe('What the verdicts say so far.'),
    difference: z.number().meta({
      description: 'Share of correct answers of the candidate less that of the baseline, on judged items.',
      example: 0.044,
    }),
    lower: z.number().meta({
      description:
        'The true difference lies between this and `upper` with a probability of 95 %, at all times.',
      example: 0.012,
    }),
    upper: z.number().meta({ description: 'See `lower`.', example: 0.081 }),
  })
  .meta({
    id: 'ShadowTrial',
    description: 'Two versions that answer the same live items, one of them unseen by buyers.',
  });
export type TrialView = z.infer<typeof TrialView>;

export const ModelStatus = z
  .strictObject({
    production: VersionView.nullable().describe(
      'The version in production; null until there is a first one.',
    ),
    run: RunView.nullable().describe('The current run, with its curves so far.'),
    queued: z.boolean().describe('Whether another run was requested and will follow the current one.'),
    trials: z
      .array(TrialView)
      .describe(
        'The newest canary and the newest watch: what people say about two versions on the same items.',
      ),
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
