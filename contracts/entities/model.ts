import * as z from 'zod';
import { Id, Kind, ModelVersion, Sha256, Timestamp } from './common.ts';

/** What the gate decided about a candidate: every reason is a sentence that an admin can read. */
export const GateDecision = z
  .strictObject({
    passed: z.boolean().meta({ description: 'Whether the version may serve.', example: true }),
    reasons: z
      .array(z.string())
      .min(1)
      .max(100)
      .meta({
        description: 'Why, in sentences.',
        example: ['Accuracy rose from 0.91 to 0.94 on 400 outcomes.'],
      }),
    decided_at: Timestamp.describe('When it was decided.'),
  })
  .meta({ id: 'GateDecision', description: 'What the gate decided about a candidate.' });
export type GateDecision = z.infer<typeof GateDecision>;

const Measure = z.number().nullable().meta({ example: 0.91 });
/** Figures over `items` held-out outcomes; null where a figure does not apply (no labels, no numbers). */
export const Scores = z
  .strictObject({
    items: z.int().nonnegative().meta({ description: 'Over how many held-out outcomes.', example: 400 }),
    accuracy: Measure.describe('Share of right answers.'),
    precision: Measure.describe('Precision, mean over classes.'),
    recall: Measure.describe('Recall, mean over classes.'),
    f1: Measure.describe('F1, mean over classes.'),
    ece: Measure.meta({ description: 'Expected calibration error of the confidence.', example: 0.02 }),
    r2: Measure.describe('Of regressions: share of variance explained.'),
    mae: Measure.meta({ description: 'Of regressions: mean absolute error.', example: 12.5 }),
  })
  .meta({ id: 'Scores', description: 'Figures over held-out outcomes; null where a figure does not apply.' });
export type Scores = z.infer<typeof Scores>;

/** How a candidate did beside the version in production, on the same held-out outcomes. */
export const MetricsSummary = z
  .strictObject({
    compared_with: ModelVersion.nullable().describe('The version in production at that time.'),
    candidate: Scores.describe('This version.'),
    production: Scores.nullable().describe('The version in production; null for the first.'),
    negative_flips: z
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: 'Items that production had right and this version has wrong.', example: 4 }),
    positive_flips: z
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: 'Items that production had wrong and this version has right.', example: 21 }),
  })
  .meta({
    id: 'MetricsSummary',
    description: 'How a version did beside the one in production, on the same outcomes.',
  });
export type MetricsSummary = z.infer<typeof MetricsSummary>;

/** Where a version comes from. None for a version that was made from the encoders alone, outside of a run. */
export const Lineage = z
  .strictObject({
    run_id: Id.describe('The training run that made it.'),
    manifest_key: z.string().meta({
      description: 'The list of everything that went in.',
      example: 'training/runs/019ab5e0/manifest.json',
    }),
    data_sha256: Sha256.describe('SHA-256 over the hashes of the outcome files that went in.'),
    examples: z.int().nonnegative().meta({ description: 'How many outcomes went in.', example: 1600 }),
  })
  .meta({ id: 'Lineage', description: 'Where a version comes from.' });
export type Lineage = z.infer<typeof Lineage>;

const made = {
  version: ModelVersion,
  artifact_uri: z.string(),
  sha256: Sha256,
  size_bytes: z.int().positive(),
  kinds: z.array(Kind).min(1),
  parent: ModelVersion.nullable(),
  created_at: Timestamp,
  lineage: Lineage.nullable(),
  metrics: MetricsSummary.nullable(),
  gate: GateDecision.nullable(),
  /** Objects that the evaluation wrote; null where there was none. */
  report_key: z.string().nullable(),
  model_card_key: z.string().nullable(),
};

/** One version in the registry; its artifact lies under the registry prefix and never changes. */
export const ModelRecord = z.discriminatedUnion('state', [
  z.strictObject({ ...made, state: z.literal('candidate') }),
  /** The gate did not let it pass, or its run failed after it was made. */
  z.strictObject({ ...made, state: z.literal('archived') }),
  z.strictObject({ ...made, state: z.literal('production'), promoted_at: Timestamp }),
  z.strictObject({ ...made, state: z.literal('retired'), promoted_at: Timestamp, retired_at: Timestamp }),
  /** Never became an artifact. */
  z.strictObject({
    version: ModelVersion,
    parent: ModelVersion.nullable(),
    created_at: Timestamp,
    run_id: Id,
    state: z.literal('failed'),
    failure_reason: z.string(),
  }),
]);
export type ModelRecord = z.infer<typeof ModelRecord>;
export type ModelState = ModelRecord['state'];
/** A version with an artifact. */
export type MadeModel = Exclude<ModelRecord, { state: 'failed' }>;

/** Which version serves. Promotion and rollback are one conditional write to it. */
export const RoutingRecord = z.strictObject({
  production: ModelVersion,
  kinds: z.array(Kind).min(1),
  revision: z.int().positive(),
  updated_at: Timestamp,
});
export type RoutingRecord = z.infer<typeof RoutingRecord>;

/** One change of the routing, kept for good: who put which version in the place of which, and why. */
export const Promotion = z.strictObject({
  revision: z.int().positive(),
  version: ModelVersion,
  previous: ModelVersion.nullable(),
  by: z.union([z.literal('pipeline'), z.literal('deployment'), Id]),
  run_id: Id.optional(),
  override_reason: z.string().optional(),
  at: Timestamp,
});
export type Promotion = z.infer<typeof Promotion>;
