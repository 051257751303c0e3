import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from '../entities/common.ts';
import { EpochMetrics } from '../entities/run.ts';
import { Count, Measure, MeasuredScores } from './scores.ts';
import { UnusableData } from './unusable.ts';

/** Counts by right label (row) and answer (column), in the order of `labels`; with `rest`, one row and column more for all others. */
export const ConfusionMatrix = z
  .strictObject({
    labels: z
      .array(z.string())
      .max(30)
      .meta({ description: 'The labels, in the order of rows and columns.', example: ['ham', 'spam'] }),
    rest: z
      .boolean()
      .meta({ description: 'Whether a last row and column stand for all other labels.', example: false }),
    counts: z.array(z.array(Count)).meta({
      description: 'How often: rows are right labels, columns are answers.',
      example: [
        [118, 2],
        [3, 77],
      ],
    }),
  })
  .meta({ id: 'ConfusionMatrix', description: 'Right labels against answers.' });

const FamilyScores = MeasuredScores.extend({
  confusion_matrix: ConfusionMatrix.nullable().describe('Of classifications: right labels against answers.'),
}).meta({ id: 'FamilyScores', description: 'All figures of one version over the outcomes of one family.' });

/** What changed, over the items that the buyer judged by word. Of the ids at most 20 each. */
export const Flips = z
  .strictObject({
    items: Count.describe('Items that both versions answered.'),
    negative: Count.meta({ description: 'Production was right and the candidate is wrong.', example: 4 }),
    positive: Count.meta({ description: 'Production was wrong and the candidate is right.', example: 21 }),
    relative: Measure.meta({
      description:
        'Negative flips by those that two versions with independent errors would have (Yan et al., CVPR 2021).',
      example: 0.3,
    }),
  })
  .meta({ id: 'Flips', description: 'What changed between two versions.' });
export type Flips = z.infer<typeof Flips>;

/** Fall of accuracy (regression: of R², generation: of the F1 of words) when the field's values change places between items; mean and spread over repeats. */
export const FieldImportance = z
  .strictObject({
    field: z.string().meta({ description: 'A field, or what kind of field.', example: 'text' }),
    importance: z.number().meta({
      description: 'How much the score falls when its values change places between items.',
      example: 0.12,
    }),
    spread: z
      .number()
      .nonnegative()
      .meta({ description: 'Standard deviation of it over repeats.', example: 0.01 }),
    items: Count.describe('Over how many items.'),
  })
  .meta({ id: 'FieldImportance', description: 'How much a field matters to the answers.' });

const FamilyFlips = Flips.extend({
  negative_ids: z
    .array(z.string())
    .max(20)
    .meta({ description: 'Outcomes that got worse, at most 20.', example: ['019ab5e0:mail-17'] }),
  positive_ids: z
    .array(z.string())
    .max(20)
    .meta({ description: 'Outcomes that got better, at most 20.', example: ['019ab5e0:mail-18'] }),
}).meta({ id: 'FamilyFlips', description: 'What changed between two versions, with the outcomes.' });

const ClassScores = z
  .strictObject({
    label: z.string().meta({ description: 'The label.', example: 'spam' }),
    items: Count.describe('Outcomes that have it.'),
    recall: Probability.describe('How many of them the candidate finds.'),
    production_recall: Probability.nullable().describe('How many of them production finds.'),
    worse: z.boolean().meta({ description: 'Whether the gate found it worse than before.', example: false }),
  })
  .meta({ id: 'ClassScores', description: 'How both versions do on one label.' });

const RefusedAgain = z
  .strictObject({
    items: Count.describe('Items that were refused without a correction.'),
    candidate: Count.meta({
      description: 'How often the candidate says again what was refused.',
      example: 1,
    }),
    production: Count.nullable().meta({ description: 'How often production does.', example: 3 }),
  })
  .meta({ id: 'RefusedAgain', description: 'Answers that were refused and are given again.' });

export const FamilyEvaluation = z
  .strictObject({
    kind: Kind,
    buyer_id: Id.nullable().describe('Whose outcomes they are; null if several buyers are in it.'),
    candidate: FamilyScores.describe('The candidate.'),
    production: FamilyScores.nullable().describe('The version in production at that time.'),
    flips: FamilyFlips.nullable().describe('What changed between them.'),
    classes: z.array(ClassScores).max(200).describe('Of classifications: the most frequent 200 labels.'),
    refused: RefusedAgain.describe('Items refused without a correction; they are in no other figure.'),
    feature_importance: z.array(FieldImportance).describe('Largest first. Empty where it was not measured.'),
    held_back: z
      .string()
      .max(1000)
      .optional()
      .describe(
        'Only of a family that is held back: why the version answers it as production does. `candidate` then holds the figures after that.',
      )
      .meta({ example: 'its items are answered worse than before, by 12.5 points beyond noise' }),
  })
  .meta({ id: 'FamilyEvaluation', description: 'How two versions do on the outcomes of one family.' });
export type FamilyEvaluation = z.infer<typeof FamilyEvaluation>;

export const GateRule = z
  .strictObject({
    rule: z.enum(['answers', 'better', 'no_class_worse', 'negative_flips']).describe('Which rule.'),
    passed: z.boolean().describe('Whether it lets the candidate pass.'),
    detail: z.string().max(1000).meta({
      description: 'The numbers in a sentence, without names of labels.',
      example: '4 negative flips of 400, at most 8 allowed.',
    }),
    numbers: z.record(z.string(), z.number()).meta({
      id: 'GateNumbers',
      description: 'The numbers that decided, by name.',
      example: { negative: 4, allowed: 8 },
    }),
  })
  .meta({ id: 'GateRule', description: 'One rule of the gate and what it found.' });
export type GateRule = z.infer<typeof GateRule>;

/**
 * `metrics.json`, written once by `dukemm evaluate`: a candidate and the version in production, measured on outcomes that
 * neither was trained on, and the decision of the gate. `model/dukemm/evaluate/report.py` writes it.
 *
 * Outside of `families` it names no label, field or item. A family belongs to one buyer (`buyer_id`): only that buyer and
 * admins may see it.
 */
export const ModelEvaluation = z.strictObject({
  format: z.literal(1),
  /** Of the data manifest. */
  run: z.string(),
  version: ModelVersion,
  compared_with: ModelVersion.nullable(),
  created_at: Timestamp,
  seconds: z.number().nonnegative(),
  data: z.strictObject({
    manifest_sha256: Sha256,
    validation: Count,
    reservoir: Count,
    families: Count,
    /** Labels by the buyer's word, by silence; refused without a correction; no label; not to be read any more. */
    by_word: Count,
    by_silence: Count,
    refused: Count,
    no_label: Count,
    unreadable: Count,
  }),
  candidate: MeasuredScores,
  production: MeasuredScores.nullable(),
  flips: Flips.nullable(),
  /** By what the fields are: text, number, image and so on. */
  feature_importance: z.array(FieldImportance),
  families: z.record(z.string(), FamilyEvaluation),
  /** Absent in reports of before it was counted. */
  unusable: UnusableData.optional(),
  /**
   * Of the artifact that was evaluated, where families are held back: the candidate with production's state of them, beside
   * this report. Absent where the candidate was evaluated as the training made it.
   */
  recomposed: z.strictObject({ sha256: Sha256, size_bytes: z.int().positive() }).optional(),
  curves: z.array(EpochMetrics),
  gate: z.strictObject({
    decision: z.enum(['promote', 'archive']),
    /** Details of the rules that decided. */
    reasons: z.array(z.string()).min(1),
    rules: z.array(GateRule).min(1),
  }),
});
export type ModelEvaluation = z.infer<typeof ModelEvaluation>;
