import * as z from 'zod';
import { BoundedNumber, Sha256 } from '../entities/common.ts';
import { LABEL_COST, LIMITS, MAX_FAMILY_NAME, MAX_LABEL_SET } from '../limits.ts';
import { StoredText } from '../text.ts';

/**
 * Request and response of the Duke MM endpoint (`POST /invocations`). The Python types are generated from these
 * schemas (`npm run contracts:generate`).
 */

/** A text as files may contain it: unlike request bodies, it may contain NUL. */
const Scalar = z.union([StoredText({ max: LIMITS.cell.value }), BoundedNumber, z.boolean(), z.null()]);
const Answer = z.union([z.string(), z.number()]).meta({ example: 'spam' });
const Weight = z.number().meta({ example: 0.41 });
const Likelihood = z.number().min(0).max(1).meta({ example: 0.93 });

/** The labels of a task. `labels_are_distinct` in model/dukemm/contract/rules.py is the same rule for Python. */
export const distinctLabels = (longest: number) =>
  z
    .array(StoredText({ max: longest, min: 1 }))
    .max(LIMITS.labels.value)
    .refine((labels) => new Set(labels).size === labels.length, 'each label once')
    .meta({ uniqueItems: true });

/** The container reads its bytes from S3. */
const ItemMedium = z
  .strictObject({
    uri: StoredText({ max: 2048, min: 1 }).meta({
      description:
        'URI of the bytes. For agents: the path of the file in this API, which returns a short-lived `download_url`.',
      example: 's3://files/ready/019ab5e0',
    }),
    file_type: StoredText({ max: 40, min: 1 }).meta({
      description: 'The kind of content.',
      example: 'text',
    }),
    sha256: Sha256.meta({
      description: 'SHA-256 of the bytes.',
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    }),
    size_bytes: z.int().nonnegative().meta({ description: 'Its size in bytes.', example: 1830 }),
    encoding: StoredText({ max: 40, min: 1 }).optional().meta({
      description: 'For texts: the encoding, as a label of the Encoding Standard; absent for UTF-8.',
      example: 'windows-1252',
    }),
  })
  .meta({ id: 'ItemMedium', description: 'A file that is a field of an item.' });

/** A field or medium of an item as it is stored for execution. */
export const ItemPayload = z
  .strictObject({
    id: StoredText({ max: LIMITS.itemId.value, min: 1 }).meta({
      description: 'The id of the item in its task.',
      example: 'mail-17',
    }),
    fields: z
      .record(z.string(), Scalar)
      .refine((fields) => Object.keys(fields).length <= LIMITS.fields.value, 'too many fields')
      .meta({
        id: 'ItemFields',
        maxProperties: LIMITS.fields.value,
        description: 'Values of the item by field name.',
        example: { subject: 'You have won' },
      }),
    media: z
      .record(z.string(), ItemMedium)
      .optional()
      .meta({
        id: 'ItemMedia',
        description: 'Media by field name.',
        example: {
          body: {
            uri: 's3://files/ready/019ab5e0',
            file_type: 'text',
            sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
            size_bytes: 1830,
          },
        },
      }),
  })
  .meta({ id: 'Item', description: 'One item as the agent sees it.' });
export type ItemPayload = z.infer<typeof ItemPayload>;

/** An answer as stored: of an example, a correction or a prediction. */
export const StoredAnswer = z.union([StoredText({ max: LIMITS.cell.value }), BoundedNumber]);

export const ExamplePayload = ItemPayload.extend({ expected: StoredAnswer });
export type ExamplePayload = z.infer<typeof ExamplePayload>;

const ExamplesAt = z
  .strictObject({
    uri: StoredText({ max: 2048, min: 1 }),
    sha256: Sha256,
    count: z.int().nonnegative(),
  })
  .meta({ id: 'ExamplesAt', description: 'Where examples are stored, as JSON lines.' });

export const InvocationRequest = z.strictObject({
  task: z.strictObject({
    id: z.uuid(),
    family: StoredText({ max: MAX_FAMILY_NAME, min: 1 }),
    kind: z.enum(['classification', 'regression', 'generation']),
    description: StoredText({ max: LIMITS.description.value, min: 1 }),
    labels: distinctLabels(LIMITS.label.value).optional(),
    /** What labels mean, by label. */
    label_descriptions: z
      .record(z.string(), StoredText({ max: LIMITS.labelDescription.value, min: 1 }))
      .refine((texts) => Object.keys(texts).length <= LIMITS.labels.value, 'too many descriptions')
      .meta({ maxProperties: LIMITS.labels.value })
      .optional(),
    /** The cost of missing each label; 1 for labels that are not listed. */
    class_weight: z
      .union([
        z.literal('balanced'),
        z.record(z.string(), z.number().min(LABEL_COST.min).max(LABEL_COST.max)),
      ])
      .optional(),
    target: StoredText({ max: LIMITS.fieldName.value, min: 1 }).optional(),
  }),
  /** JSON Lines of `ExamplePayload` in S3. The container caches what it computes for each by content. */
  examples: ExamplesAt.optional(),
  /**
   * The same format: items that the buyer confirmed in earlier tasks. Those are dropped whose media are gone, whose
   * answer is not a label of this task, or that repeat an example.
   */
  recalled: ExamplesAt.optional(),
  items: z.array(ItemPayload).min(1).max(LIMITS.itemsPerComplexity.value),
});
export type InvocationRequest = z.infer<typeof InvocationRequest>;

const NearestExample = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the example.', example: 'example:4' }),
    expected: Answer.describe('Its correct answer.'),
    similarity: z.number().meta({ description: 'Cosine similarity, -1 to 1.', example: 0.82 }),
    excerpt: z
      .string()
      .max(200)
      .meta({ description: 'The beginning of the example.', example: 'Cheap watches, today only' }),
  })
  .meta({ id: 'NearestExample', description: 'An example similar to the item.' });
const WordWeight = z
  .strictObject({
    word: z.string().meta({ description: 'A word, or the value of a field.', example: 'won' }),
    weight: Weight.describe('Contribution to the prediction; positive values support it.'),
    field: z.string().optional().meta({ description: 'The field that contains it.', example: 'subject' }),
  })
  .meta({ id: 'WordWeight', description: 'Contribution of one word to a prediction.' });

export const Explanation = z
  .strictObject({
    nearest: z
      .array(NearestExample)
      .describe('The nearest examples of the task or confirmed items of the same buyer, closest first.'),
    words: z.array(WordWeight).describe('The words or field values with the largest contributions.'),
    summary: z.string().max(1000).meta({
      description: 'The same as a sentence.',
      example: 'Like 3 of the 5 nearest examples, which are spam; “won” speaks for it.',
    }),
  })
  .meta({ id: 'Explanation', description: 'Explanation of a prediction.' });
export type Explanation = z.infer<typeof Explanation>;

const Alternative = z
  .strictObject({
    label: z.string().meta({ description: 'A label.', example: 'ham' }),
    probability: Likelihood.meta({ description: 'Probability of the label.', example: 0.07 }),
  })
  .meta({ id: 'Alternative', description: 'A label and its probability.' });

export const ItemPrediction = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the item in its task.', example: 'mail-17' }),
    prediction: Answer.describe('The answer: a label, a number or a text.'),
    confidence: Likelihood.describe('Probability that the answer is correct.'),
    alternatives: z
      .array(Alternative)
      .optional()
      .describe('For classification: the labels, most probable first.'),
    label_set: z
      .array(z.string())
      .min(1)
      .max(MAX_LABEL_SET)
      .optional()
      .meta({
        description:
          'Prediction set with 95 % coverage (split-conformal), most probable label first. Absent if there are too few confirmed examples, or if it would have more than 20 labels.',
        example: ['spam'],
      }),
    interval: z
      .tuple([z.number(), z.number()])
      .optional()
      .meta({
        description:
          'For regression: prediction interval with 95 % coverage, lower and upper bound. Absent if there are too few examples.',
        example: [0.9, 2.4],
      }),
    explanation: Explanation,
  })
  .meta({ id: 'ItemPrediction', description: 'The answer to one item.' });
export type ItemPrediction = z.infer<typeof ItemPrediction>;

export const InvocationResponse = z.strictObject({
  model_version: z.string(),
  items: z.array(ItemPrediction),
});
export type InvocationResponse = z.infer<typeof InvocationResponse>;

/** Error body of the container. 400 is final; 503 may be retried after `retry_after_seconds`. */
export const InvocationError = z.strictObject({
  code: z.enum([
    'invalid_request',
    'unsupported',
    'unknown_version',
    'artifact_invalid',
    'warming',
    'overloaded',
    'internal',
  ]),
  message: z.string(),
  retry_after_seconds: z.number().optional(),
});

/** `X-Amzn-SageMaker-Custom-Attributes` of a request names the model version: `version=3`. */
export const customAttributes = (version: string): string => `version=${version}`;

/** `instance=<id>` in the same header of a response: the container that answered. */
export const instanceOf = (attributes: string | undefined): string | undefined =>
  /(?:^|,)\s*instance=([0-9a-f]{1,32})\s*(?:,|$)/.exec(attributes ?? '')?.[1];
