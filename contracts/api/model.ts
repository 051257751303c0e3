import * as z from 'zod';
import { Id, Kind, ModelVersion, Sha256, Timestamp } from '../entities/common.ts';
import { GateDecision, MetricsSummary } from '../entities/model.ts';
import { EpochMetrics, RunData, RunStatus, TriggerReason } from '../entities/run.ts';
import {
  FamilyEvaluation,
  FieldImportance,
  Flips,
  GateRule,
  MeasuredScores,
} from '../learning/evaluation.ts';
import { everyone, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const ModelState = z.enum(['candidate', 'archived', 'production', 'retired', 'failed']);

/** A version as lists show it. What a failed one never got is null. */
export const VersionView = z
  .strictObject({
    version: ModelVersion,
    state: ModelState,
    kinds: z.array(Kind),
    parent: ModelVersion.nullable(),
    created_at: Timestamp,
    promoted_at: Timestamp.nullable(),
    retired_at: Timestamp.nullable(),
    failure_reason: z.string().nullable(),
    size_bytes: z.int().nullable(),
    sha256: Sha256.nullable(),
    lineage: z
      .strictObject({ run_id: Id, manifest_key: z.string(), data_sha256: Sha256, examples: z.int() })
      .nullable(),
    metrics: MetricsSummary.nullable(),
    gate: GateDecision.nullable(),
    /** Whether an admin may promote it as it is, with a reason only, or not at all. */
    promotable: z.enum(['yes', 'with_reason', 'no']),
  })
  .meta({ id: 'ModelVersion' });
export type VersionView = z.infer<typeof VersionView>;

/** A run as lists show it: without its curves. */
export const RunSummary = z
  .strictObject({
    id: Id,
    status: RunStatus,
    trigger: z.strictObject({ reason: TriggerReason, detail: z.string(), requested_by: Id.optional() }),
    parent: ModelVersion.nullable(),
    version: ModelVersion.nullable(),
    data: RunData.nullable(),
    epochs: z.int(),
    gate: GateDecision.nullable(),
    /** Why it was archived. */
    reasons: z.array(z.string()),
    failure: z.strictObject({ step: z.string(), error: z.string(), cause: z.string() }).nullable(),
    created_at: Timestamp,
    updated_at: Timestamp,
    finished_at: Timestamp.nullable(),
  })
  .meta({ id: 'TrainingRunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunView = RunSummary.extend({ curves: z.array(EpochMetrics) }).meta({ id: 'TrainingRun' });
export type RunView = z.infer<typeof RunView>;

export const ModelStatus = z
  .strictObject({
    /** Null until a first version serves. */
    production: VersionView.nullable(),
    /** The run that is on its way, with its curves so far. */
    run: RunView.nullable(),
    /** Another run was asked for meanwhile and follows. */
    queued: z.boolean(),
    triggers: z.strictObject({
      outcomes_total: z.int(),
      outcomes_since_training: z.int(),
      /** So many new outcomes start a run. */
      outcomes_per_run: z.int(),
      success_rate_last_100: z.number().nullable(),
      judged_in_window: z.int(),
      /** Below it a run starts. */
      success_rate_floor: z.number(),
      next_scheduled_at: Timestamp.nullable(),
    }),
    endpoint: z.strictObject({ status: z.string() }),
  })
  .meta({ id: 'ModelStatus' });
export type ModelStatus = z.infer<typeof ModelStatus>;

export const ModelMetrics = z
  .strictObject({
    version: ModelVersion,
    compared_with: ModelVersion.nullable(),
    /** Over all families; null where the version was never evaluated. */
    accuracy: z.number().nullable(),
    precision: z.number().nullable(),
    recall: z.number().nullable(),
    f1: z.number().nullable(),
    ece: z.number().nullable(),
    evaluated_at: Timestamp.nullable(),
    candidate: MeasuredScores.nullable(),
    production: MeasuredScores.nullable(),
    flips: Flips.nullable(),
    /** By what the fields are (text, number, image): no name of a field is told to others than its buyer. */
    feature_importance: z.array(FieldImportance),
    gate: GateDecision.nullable(),
    gate_rules: z.array(GateRule),
    /** A buyer's own families; an admin's are all. */
    families: z.array(FamilyEvaluation.extend({ family: z.string() })),
    curves: z.array(EpochMetrics),
    /** Markdown, to download within 15 minutes. */
    model_card_url: z.url().nullable(),
    /** By day, oldest first: tasks judged, by whom they were done, and the mean share of their items not refused. */
    takeover: z.array(
      z.strictObject({
        day: z.iso.date(),
        judged: z.int(),
        duke_mm: z.int(),
        success_rate: z.number().nullable(),
        duke_mm_success_rate: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'ModelMetrics' });
export type ModelMetrics = z.infer<typeof ModelMetrics>;

export const PromotionView = z
  .strictObject({
    version: ModelVersion,
    previous: ModelVersion.nullable(),
    revision: z.int(),
    at: Timestamp,
  })
  .meta({ id: 'Promotion' });
export type PromotionView = z.infer<typeof PromotionView>;

const TrainBody = z
  .strictObject({ reason: z.string().trim().min(1).max(500).optional() })
  .meta({ id: 'Train' });
export type TrainBody = z.infer<typeof TrainBody>;
/** Either a run of its own, or a place behind the one that is on its way. */
const TrainAnswer = z
  .strictObject({ run: RunView.optional(), queued: z.boolean() })
  .meta({ id: 'TrainingRequested' });
export type TrainAnswer = z.infer<typeof TrainAnswer>;

const admins = { kind: 'roles', roles: { admin: 'any' } } as const;
const idempotency = ['idempotency_key_reused', 'idempotency_in_progress'] as const;
const request = {
  method: 'POST',
  capability: 'learning',
  access: admins,
  body: TrainBody,
  status: 202,
  response: TrainAnswer,
  errors: idempotency,
  idempotent: true,
} as const;

export const modelOperations = operations({
  train: { ...request, path: '/model/train', summary: 'Ask for a training run' },
  triggerRetraining: {
    ...request,
    path: '/admin/trigger-retraining',
    summary: 'Ask for a training run, by its other name',
  },
  getModelStatus: {
    method: 'GET',
    path: '/model/status',
    capability: 'learning',
    summary: 'What serves, what is being trained, and what would start the next run',
    access: everyone,
    status: 200,
    response: ModelStatus,
    errors: [],
  },
  getModelMetrics: {
    method: 'GET',
    path: '/model/metrics',
    capability: 'learning',
    summary: 'How a version did, beside the one before; the version in production where none is named',
    access: everyone,
    query: z.strictObject({ version: ModelVersion.optional() }),
    status: 200,
    response: ModelMetrics,
    errors: ['not_found'],
  },
  listVersions: {
    method: 'GET',
    path: '/model/versions',
    capability: 'learning',
    summary: 'Versions of the model with their lineage, newest first',
    access: everyone,
    query: PageQuery,
    status: 200,
    response: pageOf(VersionView),
    errors: [],
  },
  listRuns: {
    method: 'GET',
    path: '/model/runs',
    capability: 'learning',
    summary: 'Training runs, newest first',
    access: admins,
    query: PageQuery,
    status: 200,
    response: pageOf(RunSummary),
    errors: [],
  },
  getRun: {
    method: 'GET',
    path: '/model/runs/{run_id}',
    capability: 'learning',
    summary: 'One training run with its curves',
    access: admins,
    params: z.strictObject({ run_id: Id }),
    status: 200,
    response: RunView,
    errors: ['not_found'],
  },
  promoteVersion: {
    method: 'POST',
    path: '/model/promote/{version}',
    capability: 'learning',
    summary: 'Put a version in production; also the way back to an earlier one',
    access: admins,
    params: z.strictObject({ version: ModelVersion }),
    body: z.strictObject({
      /** Needed where the gate did not let the version pass; kept with the promotion. */
      override_reason: z.string().trim().min(3).max(500).optional(),
    }),
    status: 200,
    response: PromotionView,
    errors: ['not_found', 'not_deployable', 'conflict'],
  },
});
