import * as z from 'zod';
import { Probability } from '../entities/common.ts';
import { Scores } from '../entities/model.ts';

export const Count = z.int().nonnegative().meta({ example: 400 });

export const Measure = z.number().nullable().meta({ example: 0.91 });

/** 95 % confidence interval: lower and upper bound. */
const Interval = z.tuple([z.number(), z.number()]).meta({ example: [0.88, 0.94] });

/** Mean confidence and accuracy of one bin of a reliability diagram; all bins hold the same number of items. */
export const ReliabilityBin = z
  .strictObject({
    confidence: Probability.describe('Mean confidence in the bin.'),
    accuracy: Probability.describe('Accuracy in the bin.'),
    items: Count.describe('Number of items in the bin.'),
  })
  .meta({
    id: 'ReliabilityBin',
    description: 'One bin of a reliability diagram: items of similar confidence.',
  });

const WeightedScores = z
  .strictObject({
    precision: z.number().meta({ description: 'Precision.', example: 0.92 }),
    recall: z.number().meta({ description: 'Recall.', example: 0.91 }),
    f1: z.number().meta({ description: 'F1 score.', example: 0.91 }),
  })
  .meta({ id: 'WeightedScores', description: 'Averages over classes, weighted by their number of items.' });

const Calibration = z
  .strictObject({
    interval: Interval.meta({
      description: '95 % confidence interval of `ece`, bootstrapped over tasks.',
      example: [0.01, 0.04],
    }),
    if_true: z
      .strictObject({
        mean: z.number().meta({ description: 'The mean.', example: 0.02 }),
        most: z.number().meta({ description: 'The 95th percentile.', example: 0.03 }),
      })
      .meta({
        id: 'TrueCalibration',
        description: 'ECE that perfectly calibrated confidences would have by chance.',
      })
      .describe('ECE that the same number of items would have under perfect calibration.'),
    brier: z
      .number()
      .meta({ description: 'Brier score of the confidence as a forecast of correctness.', example: 0.06 }),
    negative_log_likelihood: z
      .number()
      .meta({ description: 'Mean negative log-likelihood of the same forecast.', example: 0.22 }),
    bins: z.array(ReliabilityBin).max(15).describe('Bins of the reliability diagram.'),
  })
  .meta({ id: 'Calibration', description: 'Calibration of the confidence.' });

const Surest = z
  .strictObject({
    share: Probability.meta({
      description: 'Share of items kept, by descending confidence.',
      example: 0.7,
    }),
    accuracy: Probability.meta({ description: 'Accuracy on these items.', example: 0.98 }),
    share_at_97: Probability.meta({
      description: 'The largest share with an accuracy of 97 %.',
      example: 0.81,
    }),
  })
  .meta({
    id: 'Surest',
    description: 'Selective accuracy: accuracy if only the surest items were answered.',
  });

const PredictionSets = z
  .strictObject({
    items: Count.describe('Number of items with a prediction set.'),
    coverage: Probability.meta({
      description: 'Share of sets that contain the correct answer.',
      example: 0.95,
    }),
    coverage_interval: Interval.meta({
      description: '95 % confidence interval of the coverage.',
      example: [0.93, 0.97],
    }),
    size: z.number().meta({
      description: 'Mean number of labels; for intervals, the mean width in standard deviations.',
      example: 1.2,
    }),
  })
  .meta({ id: 'PredictionSets', description: 'Coverage and size of the 95 % prediction sets.' });

const Revenue = z
  .strictObject({
    items: Count.describe('Number of items with an explicit verdict and a known price.'),
    net_satoshis_per_item: z.number().meta({
      description: 'Mean price of an item, less the refunds of wrong answers.',
      example: 1840.5,
    }),
    refund_rate: Probability.meta({
      description: 'Share of the prices that is refunded for wrong answers.',
      example: 0.08,
    }),
  })
  .meta({ id: 'Revenue', description: 'What a version would have earned with its answers.' });

/**
 * Metrics over the items whose correct answer is known. `accuracy`: exact match for labels and texts; for numbers, an
 * error of at most half a standard deviation of the family. `precision`, `recall`, `f1`: macro averages. `mae`,
 * `rmse`: in the unit of the family, over all families in standard deviations.
 */
export const MeasuredScores = Scores.extend({
  accuracy_interval: Interval.nullable().describe('95 % confidence interval of the accuracy.'),
  weighted: WeightedScores.nullable().describe('Averages over classes, weighted by their number of items.'),
  rmse: Measure.meta({ description: 'For regression: root mean squared error.', example: 18.2 }),
  exact_match: Measure.describe('For generation: share of exact matches.'),
  token_f1: Measure.describe('For generation: mean F1 over words.'),
  calibration: Calibration.nullable().describe('Calibration of the confidence.'),
  surest: Surest.nullable().describe('Accuracy if the unsure items were left to people.'),
  sets: PredictionSets.nullable().describe('Sets of labels, or intervals, with a nominal coverage of 95 %.'),
  revenue: Revenue.optional().describe('What the answers would have earned; absent if no price is known.'),
  unanswered: Count.meta({
    description:
      'Items without a valid answer, for example because the version does not support the input or the kind.',
    example: 0,
  }),
}).meta({ id: 'MeasuredScores', description: 'All metrics of one version over held-out outcomes.' });
export type MeasuredScores = z.infer<typeof MeasuredScores>;
