import * as z from 'zod';

/**
 * What a Lambda sends to the Duke MM endpoint (`POST /invocations`) and what comes back.
 * Python mirrors it in `model/dukemm/serve/protocol.py`; `test/contract/invocation.json` holds one sample of each
 * that both sides parse in their tests.
 */
const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A field or medium of an item as it is stored for execution. */
export const ItemPayload = z.strictObject({
  id: z.string().min(1).max(256),
  fields: z.record(z.string(), Scalar),
  /** Media by field name; bytes are read from S3 by the container. */
  media: z
    .record(
      z.string(),
      z.strictObject({
        uri: z.string(),
        file_type: z.string(),
        sha256: z.string().length(64),
        size_bytes: z.int(),
      }),
    )
    .optional(),
});
export type ItemPayload = z.infer<typeof ItemPayload>;

export const ExamplePayload = ItemPayload.extend({ expected: z.union([z.string(), z.number()]) });
export type ExamplePayload = z.infer<typeof ExamplePayload>;

const ExamplesAt = z.strictObject({
  uri: z.string(),
  sha256: z.string().length(64),
  count: z.int().nonnegative(),
});

export const InvocationRequest = z.strictObject({
  task: z.strictObject({
    id: z.uuid(),
    family: z.string(),
    kind: z.enum(['classification', 'regression', 'generation']),
    description: z.string(),
    labels: z.array(z.string()).optional(),
    target: z.string().optional(),
  }),
  /** JSON lines of `ExamplePayload` in S3; the container caches what it computed for each by content. */
  examples: ExamplesAt.optional(),
  /**
   * The same, confirmed by the buyer in earlier tasks. An aid: of these, what is gone, what answers with another task's
   * label, and what the examples say too is left out.
   */
  recalled: ExamplesAt.optional(),
  items: z.array(ItemPayload).min(1).max(250),
});
export type InvocationRequest = z.infer<typeof InvocationRequest>;

export const Explanation = z.strictObject({
  /** Nearest examples of this task or confirmed items of the same buyer, closest first. `similarity` is a cosine, -1..1. */
  nearest: z.array(
    z.strictObject({
      id: z.string(),
      expected: z.union([z.string(), z.number()]),
      similarity: z.number(),
      excerpt: z.string().max(200),
    }),
  ),
  /** Words (or field values) that moved the prediction; positive weights speak for it. */
  words: z.array(z.strictObject({ word: z.string(), weight: z.number(), field: z.string().optional() })),
  summary: z.string().max(1000),
});
export type Explanation = z.infer<typeof Explanation>;

export const ItemPrediction = z.strictObject({
  id: z.string(),
  prediction: z.union([z.string(), z.number()]),
  confidence: z.number().min(0).max(1),
  alternatives: z
    .array(z.strictObject({ label: z.string(), probability: z.number().min(0).max(1) }))
    .optional(),
  /**
   * Labels, the most probable first, that hold the right one in 95 of 100 items (split-conformal). Absent where too few
   * confirmed examples tell, and where there would be more than 20, which says nothing.
   */
  label_set: z.array(z.string()).min(1).max(20).optional(),
  /** Low and high: the right number lies between them in 95 of 100 items. Absent where too few examples tell. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  explanation: Explanation,
});
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
