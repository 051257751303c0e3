import * as z from 'zod';
import { Id, Kind, ModelVersion, Probability, Sha256, Timestamp } from '../entities/common.ts';
import { Scores } from '../entities/model.ts';
import { EpochMetrics } from '../entities/run.ts';

/**
 * `metrics.json`, written once by `dukemm evaluate`: a candidate beside the version in production on outcomes that neither
 * was trained on, and what the gate says. Python writes it in `model/dukemm/evaluate/report.py`; `test/contract/evaluation.json`
 * holds a sample that both sides read in their tests.
 *
 * What stands outside of `families` names no label, field or item of anybody. A family belongs to one buyer
 * (`buyer_id`): what is in it may be shown to that buyer and to admins.
 */
const Count = z.int().nonnegative();
const Measure = z.number().nullable();
/** From, to: 95 % confidence. */
const Interval = z.tuple([z.number(), z.number()]);

/** Mean confidence and share right of a bin; bins hold the same number of items. */
export const ReliabilityBin = z.strictObject({
  confidence: Probability,
  accuracy: Probability,
  items: Count,
});

/**
 * Figures over the items whose right answer is known. `accuracy`: labels and texts that are equal, numbers within half a
 * standard deviation of the family's. `precision`, `recall`, `f1`: means over classes. `mae`, `rmse`: in the family's unit; over
 * all families in standard deviations.
 */
export const MeasuredScores = Scores.extend({
  accuracy_interval: Interval.nullable(),
  /** Means over classes, each counting as many items as it has. */
  weighted: z.strictObject({ precision: z.number(), recall: z.number(), f1: z.number() }).nullable(),
  /** Root of the mean squared error of regressions. */
  rmse: Measure,
  /** Of generations: share with exactly the right text, and mean F1 of its words. */
  exact_match: Measure,
  token_f1: Measure,
  calibration: z
    .strictObject({
      /** Of `ece`, over the tasks. */
      interval: Interval,
      /** What the same number of items would show if every confidence were true: mean, and what 95 % stay under. */
      if_true: z.strictObject({ mean: z.number(), most: z.number() }),
      /** Of the confidence as a forecast of being right. */
      brier: z.number(),
      negative_log_likelihood: z.number(),
      bins: z.array(ReliabilityBin).max(15),
    })
    .nullable(),
  /** If only the surest 70 % were answered; and the largest share that could be with 97 % of them right. */
  surest: z.strictObject({ share: Probability, accuracy: Probability, share_at_97: Probability }).nullable(),
  /** Sets of labels (or intervals) that claim to hold the answer in 95 %: how often, and mean size (in standard deviations). */
  sets: z
    .strictObject({ items: Count, coverage: Probability, coverage_interval: Interval, size: z.number() })
    .nullable(),
  /** Items without any answer: an input or a kind that the version does not know, or a broken answer. */
  unanswered: Count,
});
export type MeasuredScores = z.infer<typeof MeasuredScores>;

/** Counts by right label (row) and answer (column), in the order of `labels`; with `rest`, one row and column more for all others. */
export const ConfusionMatrix = z.strictObject({
  labels: z.array(z.string()).max(30),
  rest: z.boolean(),
  counts: z.array(z.array(Count)),
});

const FamilyScores = MeasuredScores.extend({ confusion_matrix: ConfusionMatrix.nullable() });

/** What changed, over the items that the buyer judged by word. Of the ids at most 20 each. */
export const Flips = z.strictObject({
  items: Count,
  /** Production was right and the candidate is wrong. */
  negative: Count,
  positive: Count,
  /** Negative flips by those that two versions with independent errors would have (Yan et al., CVPR 2021). */
  relative: Measure,
});
export type Flips = z.infer<typeof Flips>;

/** Fall of accuracy (regression: of R², generation: of the F1 of words) when the field's values change places between items; mean and spread over repeats. */
export const FieldImportance = z.strictObject({
  field: z.string(),
  importance: z.number(),
  spread: z.number().nonnegative(),
  items: Count,
});

export const FamilyEvaluation = z.strictObject({
  kind: Kind,
  /** Null where outcomes of several buyers are in it. */
  buyer_id: Id.nullable(),
  candidate: FamilyScores,
  production: FamilyScores.nullable(),
  flips: Flips.extend({
    negative_ids: z.array(z.string()).max(20),
    positive_ids: z.array(z.string()).max(20),
  }).nullable(),
  /** Of classifications, the most frequent 200. `worse`: the gate found more items missed or wrongly given to it. */
  classes: z
    .array(
      z.strictObject({
        label: z.string(),
        items: Count,
        recall: Probability,
        production_recall: Probability.nullable(),
        worse: z.boolean(),
      }),
    )
    .max(200),
  /** Items refused without a correction: how often a version says again what was refused. In no other figure. */
  refused: z.strictObject({ items: Count, candidate: Count, production: Count.nullable() }),
  /** Largest first. Empty where it was not measured. */
  feature_importance: z.array(FieldImportance),
});
export type FamilyEvaluation = z.infer<typeof FamilyEvaluation>;

export const GateRule = z.strictObject({
  rule: z.enum(['answers', 'better', 'no_class_worse', 'negative_flips']),
  passed: z.boolean(),
  /** A sentence with the numbers, without names of labels. */
  detail: z.string().max(1000),
  numbers: z.record(z.string(), z.number()),
});
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
  curves: z.array(EpochMetrics),
  gate: z.strictObject({
    decision: z.enum(['promote', 'archive']),
    /** Details of the rules that decided. */
    reasons: z.array(z.string()).min(1),
    rules: z.array(GateRule).min(1),
  }),
});
export type ModelEvaluation = z.infer<typeof ModelEvaluation>;
