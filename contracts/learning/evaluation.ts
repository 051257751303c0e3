import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from '../entities/common.ts';
import { Scores } from '../entities/model.ts';
import { EpochMetrics } from '../entities/run.ts';
import { UnusableData } from './unusable.ts';

/**
 * `metrics.json`, written once by `dukemm evaluate`: a candidate beside the version in production on outcomes that neither
 * was trained on, and what the gate says. Python writes it in `model/dukemm/evaluate/report.py`; its tests read it
 * with the types generated from this schema.
 *
 * What stands outside of `families` names no label, field or item of anybody. A family belongs to one buyer
 * (`buyer_id`): what is in it may be shown to that buyer and to admins.
 */
const Count = z.int().nonnegative().meta({ example: 400 });
const Measure = z.number().nullable().meta({ example: 0.91 });
/** From, to: 95 % confidence. */
const Interval = z.tuple([z.number(), z.number()]).meta({ example: [0.88, 0.94] });

/** Mean confidence and share right of a bin; bins hold the same number of items. */
export const ReliabilityBin = z
  .strictObject({
    confidence: Probability.describe('Mean confidence in the bin.'),
    accuracy: Probability.describe('Share of right answers in the bin.'),
    items: Count.describe('Items in the bin.'),
  })
  .meta({ id: 'ReliabilityBin', description: 'Items of about the same confidence.' });

const WeightedScores = z
  .strictObject({
    precision: z.number().meta({ description: 'Precision.', example: 0.92 }),
    recall: z.number().meta({ description: 'Recall.', example: 0.91 }),
    f1: z.number().meta({ description: 'F1 score.', example: 0.91 }),
  })
  .meta({ id: 'WeightedScores', description: 'Means over classes by their number of items.' });

const Calibration = z
  .strictObject({
    interval: Interval.meta({
      description: 'Of `ece`: from, to, with 95 % confidence over the tasks.',
      example: [0.01, 0.04],
    }),
    if_true: z
      .strictObject({
        mean: z.number().meta({ description: 'The mean.', example: 0.02 }),
        most: z.number().meta({ description: 'What 95 % stay under.', example: 0.03 }),
      })
      .meta({ id: 'TrueCalibration', description: 'What perfectly true confidences would show by chance.' })
      .describe('What the same number of items would show if every confidence were true.'),
    brier: z
      .number()
      .meta({ description: 'Brier score of the confidence as a forecast of being right.', example: 0.06 }),
    negative_log_likelihood: z
      .number()
      .meta({ description: 'Mean negative log-likelihood of the same forecast.', example: 0.22 }),
    bins: z.array(ReliabilityBin).max(15).describe('Confidence against accuracy, bin by bin.'),
  })
  .meta({ id: 'Calibration', description: 'How true the confidence is.' });

const Surest = z
  .strictObject({
    share: Probability.meta({
      description: 'The share of the surest items that is looked at.',
      example: 0.7,
    }),
    accuracy: Probability.meta({ description: 'How many of them are right.', example: 0.98 }),
    share_at_97: Probability.meta({
      description: 'The largest share of which 97 % are right.',
      example: 0.81,
    }),
  })
  .meta({ id: 'Surest', description: 'Accuracy if only the surest items were answered.' });

const PredictionSets = z
  .strictObject({
    items: Count.describe('Items that have one.'),
    coverage: Probability.meta({ description: 'How often the right answer is in it.', example: 0.95 }),
    coverage_interval: Interval.meta({
      description: 'Of the coverage: from, to, with 95 % confidence.',
      example: [0.93, 0.97],
    }),
    size: z.number().meta({
      description: 'Mean number of labels; of intervals the width in standard deviations.',
      example: 1.2,
    }),
  })
  .meta({ id: 'PredictionSets', description: 'Whether sets of 95 % hold what they claim.' });

/**
 * Figures over the items whose right answer is known. `accuracy`: labels and texts that are equal, numbers within half a
 * standard deviation of the family's. `precision`, `recall`, `f1`: means over classes. `mae`, `rmse`: in the family's unit; over
 * all families in standard deviations.
 */
export const MeasuredScores = Scores.extend({
  accuracy_interval: Interval.nullable().describe('Of the accuracy: from, to, with 95 % confidence.'),
  weighted: WeightedScores.nullable().describe('Means over classes, each counting as many items as it has.'),
  rmse: Measure.meta({ description: 'Of regressions: root of the mean squared error.', example: 18.2 }),
  exact_match: Measure.describe('Of generations: share with exactly the right text.'),
  token_f1: Measure.describe('Of generations: mean F1 of the words.'),
  calibration: Calibration.nullable().describe('How true the confidence is.'),
  surest: Surest.nullable().describe('What leaving the unsure items to people would bring.'),
  sets: PredictionSets.nullable().describe(
    'Sets of labels, or intervals, that claim to hold the answer in 95 %.',
  ),
  unanswered: Count.meta({
    description:
      'Items without any answer: an input or a kind that the version does not know, or a broken answer.',
    example: 0,
  }),
}).meta({ id: 'MeasuredScores', description: 'All figures of one version over held-out outcomes.' });
export type MeasuredScores = z.infer<typeof MeasuredScores>;

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
