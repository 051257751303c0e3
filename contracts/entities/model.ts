import * as z from 'zod';
import { Id, Kind, ModelVersion, Sha256, Timestamp } from './common.ts';

/** The decision of the gate about a candidate. Each reason is a sentence for administrators. */
export const GateDecision = z
  .strictObject({
    passed: z.boolean().meta({ description: 'Whether the version may go into production.', example: true }),
    reasons: z
      .array(z.string())
      .min(1)
      .max(100)
      .meta({
        description: 'The reasons.',
        example: ['Accuracy rose from 0.91 to 0.94 on 400 outcomes.'],
      }),
    decided_at: Timestamp.describe('When it was decided.'),
  })
  .meta({ id: 'GateDecision', description: 'The decision of the gate about a candidate.' });
export type GateDecision = z.infer<typeof GateDecision>;

const Measure = z.number().nullable().meta({ example: 0.91 });
/** Metrics over `items` held-out outcomes; null if a metric does not apply (no labels, no numbers). */
export const Scores = z
  .strictObject({
    items: z.int().nonnegative().meta({ description: 'Number of held-out outcomes.', example: 400 }),
    accuracy: Measure.describe('Share of correct answers.'),
    precision: Measure.describe('Precision, mean over classes.'),
    recall: Measure.describe('Recall, mean over classes.'),
    f1: Measure.describe('F1, mean over classes.'),
    ece: Measure.meta({ description: 'Expected calibration error of the confidence.', example: 0.02 }),
    r2: Measure.describe('For regression: coefficient of determination (share of variance explained).'),
    mae: Measure.meta({ description: 'For regression: mean absolute error.', example: 12.5 }),
  })
  .meta({ id: 'Scores', description: 'Metrics over held-out outcomes; null if a metric does not apply.' });
export type Scores = z.infer<typeof Scores>;

/** Metrics of a candidate and of the version in production, on the same held-out outcomes. */
export const MetricsSummary = z
  .strictObject({
    compared_with: ModelVersion.nullable().describe('The version in production at that time.'),
    candidate: Scores.describe('This version.'),
    production: Scores.nullable().describe('The version in production; null for the first.'),
    negative_flips: z.int().nonnegative().nullable().meta({
      description: 'Items that production answered correctly and this version wrongly.',
      example: 4,
    }),
    positive_flips: z.int().nonnegative().nullable().meta({
      description: 'Items that production answered wrongly and this version correctly.',
      example: 21,
    }),
  })
  .meta({
    id: 'MetricsSummary',
    description: 'Metrics of a version and of the one in production, on the same outcomes.',
  });
export type MetricsSummary = z.infer<typeof MetricsSummary>;

/** The origin of a version. The first version, made from the encoders alone outside a run, has none. */
export const Lineage = z
  .strictObject({
    run_id: Id.describe('The training run that made it.'),
    manifest_key: z.string().meta({
      description: 'Key of the manifest, which lists all training data.',
      example: 'training/runs/019ab5e0/manifest.json',
    }),
    data_sha256: Sha256.describe('SHA-256 over the hashes of the outcome files used.'),
    examples: z.int().nonnegative().meta({ description: 'Number of outcomes used.', example: 1600 }),
  })
  .meta({ id: 'Lineage', description: 'The origin of a version.' });
export type Lineage = z.infer<typeof Lineage>;

/** Fields of versions; `ModelRecord` says which a version has in each state. */
export const ModelFields = z.strictObject({
  version: ModelVersion.describe('The version number.'),
  parent: ModelVersion.nullable().meta({ description: 'The version it was trained from.', example: '2' }),
  created_at: Timestamp.describe('When it was created.'),
  artifact_uri: z.string(),
  sha256: Sha256.describe('SHA-256 of the artifact.'),
  size_bytes: z.int().positive().meta({ description: 'Size of the artifact in bytes.', example: 8_400_000 }),
  kinds: z.array(Kind).min(1),
  lineage: Lineage.nullable().describe('Its origin; null if it was not made by a training run.'),
  metrics: MetricsSummary.nullable().describe(
    'Its metrics compared with the version in production at that time.',
  ),
  gate: GateDecision.nullable().describe('The decision of the gate.'),
  /** Objects that the evaluation wrote; null if it wrote none. */
  report_key: z.string().nullable(),
  model_card_key: z.string().nullable(),
  promoted_at: Timestamp.describe('When it went into production.'),
  retired_at: Timestamp.describe('When another version replaced it.'),
  rollback_reason: z.string().meta({
    description: 'Why it was rolled back.',
    example: 'Of 210 items that people judged, only version 4 was right on 3 and only version 3 on 19.',
  }),
  failure_reason: z
    .string()
    .meta({ description: 'For failed versions: why it failed.', example: 'The job was stopped.' }),
});
const { promoted_at, retired_at, rollback_reason, failure_reason, ...made } = ModelFields.shape;

/** One version in the registry. Its artifact is stored under the registry prefix and never changes. */
export const ModelRecord = z.discriminatedUnion('state', [
  z.strictObject({ ...made, state: z.literal('candidate') }),
  /** It did not pass the gate, or its run failed after it was registered. */
  z.strictObject({ ...made, state: z.literal('archived') }),
  z.strictObject({ ...made, state: z.literal('production'), promoted_at }),
  z.strictObject({
    ...made,
    state: z.literal('retired'),
    promoted_at,
    retired_at,
    rollback_reason: rollback_reason.optional(),
  }),
  /** Has no artifact. */
  z.strictObject({
    version: made.version,
    parent: made.parent,
    created_at: made.created_at,
    run_id: Id,
    state: z.literal('failed'),
    failure_reason,
  }),
]);
export type ModelRecord = z.infer<typeof ModelRecord>;
export type ModelState = ModelRecord['state'];
/** A version with an artifact. */
export type MadeModel = Exclude<ModelRecord, { state: 'failed' }>;

/** The version in production. Promotion and rollback are one conditional write to this record. */
export const RoutingRecord = z.strictObject({
  production: ModelVersion,
  kinds: z.array(Kind).min(1),
  revision: z.int().positive(),
  updated_at: Timestamp,
});
export type RoutingRecord = z.infer<typeof RoutingRecord>;

/** One change of the routing, stored permanently: who replaced which version by which, and why. */
export const Promotion = z.strictObject({
  revision: z.int().positive(),
  version: ModelVersion,
  previous: ModelVersion.nullable(),
  /** `watch`: the version that it replaced proved better on live work. */
  by: z.union([z.literal('pipeline'), z.literal('deployment'), z.literal('watch'), Id]),
  run_id: Id.optional(),
  override_reason: z.string().optional(),
  /** Of a rollback: what the watch has shown. */
  reason: z.string().optional(),
  at: Timestamp,
});
export type Promotion = z.infer<typeof Promotion>;
