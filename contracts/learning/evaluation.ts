import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from '../entities/common.ts';
import { EpochMetrics } from '../entities/run.ts';
import { Count, Measure, MeasuredScores } from './scores.ts';
import { UnusableData } from './unusable.ts';

/**
 * Confusion matrix: rows are correct labels, columns are predictions, both in the order of `labels`. With `rest`, a
 * last row and column hold all other labels.
 */
export const ConfusionMatrix = z
  .strictObject({
    labels: z
      .array(z.string())
      .max(30)
      .meta({ description: 'The labels, in the order of rows and columns.', example: ['ham', 'spam'] }),
    rest: z
      .boolean()
      .meta({ description: 'Whether the last row and column hold all other labels.', example: false }),
    counts: z.array(z.array(Count)).meta({
      description: 'Counts: rows are correct labels, columns are predictions.',
      example: [
        [118, 2],
        [3, 77],
      ],
    }),
  })
  .meta({ id: 'ConfusionMatrix', description: 'Confusion matrix of correct labels and predictions.' });

const FamilyScores = MeasuredScores.extend({
  confusion_matrix: ConfusionMatrix.nullable().describe('For classification: the confusion matrix.'),
}).meta({ id: 'FamilyScores', description: 'All metrics of one version over the outcomes of one family.' });

/** Items whose correctness changed, among those with an explicit verdict. At most 20 ids per list. */
export const Flips = z
  .strictObject({
    items: Count.describe('Items that both versions answered.'),
    negative: Count.meta({
      description: 'Items that production answered correctly and the candidate wrongly.',
      example: 4,
    }),
    positive: Count.meta({
      description: 'Items that production answered wrongly and the candidate correctly.',
      example: 21,
    }),
    relative: Measure.meta({
      description: 'Negative flips relative to two versions with independent errors (Yan et al., CVPR 2021).',
      example: 0.3,
    }),
  })
  .meta({ id: 'Flips', description: 'Items whose correctness differs between two versions.' });
export type Flips = z.infer<typeof Flips>;

/**
 * Permutation importance: the drop of accuracy (regression: of R²; generation: of the word F1) when the values of a
 * field are shuffled between items; mean and standard deviation over repetitions.
 */
export const FieldImportance = z
  .strictObject({
    field: z.string().meta({ description: 'A field, or a type of field.', example: 'text' }),
    importance: z.number().meta({
      description: 'Mean drop of the score when the values of the field are shuffled between items.',
      example: 0.12,
    }),
    spread: z
      .number()
      .nonnegative()
      .meta({ description: 'Standard deviation over repetitions.', example: 0.01 }),
    items: Count.describe('Number of items measured.'),
  })
  .meta({ id: 'FieldImportance', description: 'Permutation importance of a field.' });

const FamilyFlips = Flips.extend({
  negative_ids: z
    .array(z.string())
    .max(20)
    .meta({ description: 'Ids of outcomes that got worse, at most 20.', example: ['019ab5e0:mail-17'] }),
  positive_ids: z
    .array(z.string())
    .max(20)
    .meta({ description: 'Ids of outcomes that got better, at most 20.', example: ['019ab5e0:mail-18'] }),
}).meta({
  id: 'FamilyFlips',
  description: 'Items whose correctness differs between two versions, with their ids.',
});

const ClassScores = z
  .strictObject({
    label: z.string().meta({ description: 'The label.', example: 'spam' }),
    items: Count.describe('Outcomes with this label.'),
    recall: Probability.describe('Number of these that the candidate answers correctly.'),
    production_recall: Probability.nullable().describe('Number of these that production answers correctly.'),
    worse: z
      .boolean()
      .meta({ description: 'Whether the gate found it significantly worse.', example: false }),
  })
  .meta({ id: 'ClassScores', description: 'Recall of both versions on one label.' });

const RefusedAgain = z
  .strictObject({
    items: Count.describe('Items that were refused without a correction.'),
    candidate: Count.meta({
      description: 'Number of items on which the candidate repeats the refused answer.',
      example: 1,
    }),
    production: Count.nullable().meta({
      description: 'Number of items on which production repeats the refused answer.',
      example: 3,
    }),
  })
  .meta({ id: 'RefusedAgain', description: 'Refused answers that a version repeats.' });

export const FamilyEvaluation = z
  .strictObject({
    kind: Kind,
    buyer_id: Id.nullable().describe('The buyer whose outcomes they are; null if there are several.'),
    candidate: FamilyScores.describe('The candidate.'),
    production: FamilyScores.nullable().describe('The version in production at that time.'),
    flips: FamilyFlips.nullable().describe('Items whose correctness differs between them.'),
    classes: z.array(ClassScores).max(200).describe('For classification: the 200 most frequent labels.'),
    refused: RefusedAgain.describe('Items refused without a correction, which no other metric includes.'),
    feature_importance: z.array(FieldImportance).describe('Largest first. Empty if it was not measured.'),
    held_back: z
      .string()
      .max(1000)
      .optional()
      .describe(
        'For a family that is held back: why the version answers it as production does. `candidate` then has the metrics with the state of the family in production.',
      )
      .meta({ example: 'its items are answered worse than before, by 12.5 points beyond noise' }),
  })
  .meta({ id: 'FamilyEvaluation', description: 'Metrics of two versions on the outcomes of one family.' });
export type FamilyEvaluation = z.infer<typeof FamilyEvaluation>;

export const GateRule = z
  .strictObject({
    rule: z
      .enum(['answers', 'better', 'no_class_worse', 'negative_flips', 'revenue'])
      .describe('Name of the rule.'),
    passed: z.boolean().describe('Whether the candidate passes.'),
    decisive: z
      .literal(false)
      .optional()
      .describe('`false`: the rule is for information, and a candidate that fails it may be promoted.'),
    detail: z.string().max(1000).meta({
      description: 'The values as a sentence, without names of labels.',
      example: '4 negative flips of 400, at most 8 allowed.',
    }),
    numbers: z.record(z.string(), z.number()).meta({
      id: 'GateNumbers',
      description: 'The values the rule compared, by name.',
      example: { negative: 4, allowed: 8 },
    }),
  })
  .meta({ id: 'GateRule', description: 'One rule of the gate and its result.' });
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
  /** Run id of the data manifest. */
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
    /**
     * Number of labels from explicit and from automatic verdicts, of items refused without a correction, of items
     * without a label, and of outcomes that cannot be read any more.
     */
    by_word: Count,
    by_silence: Count,
    refused: Count,
    no_label: Count,
    unreadable: Count,
  }),
  candidate: MeasuredScores,
  production: MeasuredScores.nullable(),
  flips: Flips.nullable(),
  /** Importance by field type: text, number, image and so on. */
  feature_importance: z.array(FieldImportance),
  families: z.record(z.string(), FamilyEvaluation),
  /** Absent in reports from before it was counted. */
  unusable: UnusableData.optional(),
  /**
   * The artifact that was evaluated, if families are held back: the candidate with production's state of these
   * families. It is stored beside this report. Absent if the candidate was evaluated as trained.
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
