import * as z from 'zod';
import { Probability } from '../entities/common.ts';
import { Scores } from '../entities/model.ts';

export const Count = z.int().nonnegative().meta({ example: 400 });

export const Measure = z.number().nullable().meta({ example: 0.91 });

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
