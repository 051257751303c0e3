import * as z from 'zod';
import { BoundedNumber, Sha256 } from '../entities/common.ts';
import { LIMITS, MAX_FAMILY_NAME, MAX_LABEL_SET } from '../limits.ts';
import { StoredText } from '../text.ts';

/**
 * What a Lambda sends to the Duke MM endpoint (`POST /invocations`) and what comes back. The Python types are generated from
 * these schemas (`npm run contracts:generate`).
 */

/** A value as a file may hold it: with NUL too, which a body may not have. */
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

/** Its bytes are read from S3 by the container. */
const ItemMedium = z
  .strictObject({
    uri: StoredText({ max: 2048, min: 1 }).meta({
      description:
        'Where the bytes lie in storage. For agents: the path of the file in this API, whose `download_url` is short-lived.',
      example: 's3://files/ready/019ab5e0',
    }),
    file_type: StoredText({ max: 40, min: 1 }).meta({
      description: 'What kind of content it is.',
      example: 'text',
    }),
    sha256: Sha256.meta({
      description: 'SHA-256 of the bytes.',
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    }),
    size_bytes: z.int().nonnegative().meta({ description: 'Its size in bytes.', example: 1830 }),
    encoding: StoredText({ max: 40, min: 1 }).optional().meta({
      description: 'Of texts: how the characters are encoded, by the Encoding Standard; absent in UTF-8.',
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
        description: 'What is known of the item, by field name.',
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
    target: StoredText({ max: LIMITS.fieldName.value, min: 1 }).optional(),
  }),
  /** JSON lines of `ExamplePayload` in S3; the container caches what it computed for each by content. */
  examples: ExamplesAt.optional(),
  /**
   * The same, confirmed by the buyer in earlier tasks. An aid: of these, what is gone, what answers with another task's
   * label, and what the examples say too is left out.
   */
  recalled: ExamplesAt.optional(),
  items: z.array(ItemPayload).min(1).max(LIMITS.itemsPerComplexity.value),
});
export type InvocationRequest = z.infer<typeof InvocationRequest>;

const NearestExample = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the example.', example: 'example:4' }),
    expected: Answer.describe('Its right answer.'),
    similarity: z.number().meta({ description: 'How alike they are: a cosine, -1 to 1.', example: 0.82 }),
    excerpt: z
      .string()
      .max(200)
      .meta({ description: 'How it begins.', example: 'Cheap watches, today only' }),
  })
  .meta({ id: 'NearestExample', description: 'An example that is like the item.' });
const WordWeight = z
  .strictObject({
    word: z.string().meta({ description: 'A word, or the value of a field.', example: 'won' }),
    weight: Weight.describe('How much it moved the prediction; positive speaks for it.'),
    field: z.string().optional().meta({ description: 'The field it stands in.', example: 'subject' }),
  })
  .meta({ id: 'WordWeight', description: 'What one word did to a prediction.' });

export const Explanation = z
  .strictObject({
    nearest: z
      .array(NearestExample)
      .describe('The nearest examples of the task or confirmed items of the same buyer, closest first.'),
    words: z.array(WordWeight).describe('The words or field values that moved the prediction most.'),
    summary: z.string().max(1000).meta({
      description: 'The same in a sentence.',
      example: 'Like 3 of the 5 nearest examples, which are spam; “won” speaks for it.',
    }),
  })
  .meta({ id: 'Explanation', description: 'Why a prediction is what it is.' });
export type Explanation = z.infer<typeof Explanation>;

const Alternative = z
  .strictObject({
    label: z.string().meta({ description: 'A label.', example: 'ham' }),
    probability: Likelihood.meta({ description: 'How probable it is.', example: 0.07 }),
  })
  .meta({ id: 'Alternative', description: 'A label and its probability.' });

export const ItemPrediction = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the item in its task.', example: 'mail-17' }),
    prediction: Answer.describe('The answer: a label, a number or a text.'),
    confidence: Likelihood.describe('How probable it is that the answer is right.'),
    alternatives: z
      .array(Alternative)
      .optional()
      .describe('Of classifications: the labels, the most probable first.'),
    label_set: z
      .array(z.string())
      .min(1)
      .max(MAX_LABEL_SET)
      .optional()
      .meta({
        description:
          'Labels, the most probable first, that hold the right one in 95 of 100 items (split-conformal). Absent where too few confirmed examples tell, and where there would be more than 20, which says nothing.',
        example: ['spam'],
      }),
    interval: z
      .tuple([z.number(), z.number()])
      .optional()
      .meta({
        description:
          'Of regressions: low and high; the right number lies between them in 95 of 100 items. Absent where too few examples tell.',
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

/** Body of a 4xx or 5xx of the container. 400 is final; 503 may be tried again after `retry_after_seconds`. */
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

/** `X-Amzn-SageMaker-Custom-Attributes` names the model version: `version=3`. */
export const customAttributes = (version: string): string => `version=${version}`;

/** `instance=<id>` of the same header of an answer: the container that answered. */
export const instanceOf = (attributes: string | undefined): string | undefined =>
  /(?:^|,)\s*instance=([0-9a-f]{1,32})\s*(?:,|$)/.exec(attributes ?? '')?.[1];
