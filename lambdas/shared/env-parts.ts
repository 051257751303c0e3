import * as z from 'zod';

/**
 * Parts of the env schemas (`*.env.ts`). `TypedFunction` checks the variables of a construct at synthesis, where values may
 * be CDK tokens, so formats are only checked as far as tokens allow; the handler parses the actual values when it loads.
 */
const text = z.string().min(1);
const address = z.string().regex(/^https?:\/\//, 'an http(s) address');
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const count = z
  .string()
  .regex(/^[1-9][0-9]{0,5}$/, 'a whole number from 1 to 999999')
  .transform(Number);

/** Satoshis, up to one bitcoin. */
const satoshis = z
  .string()
  .regex(/^([1-9][0-9]{0,7}|100000000)$/, 'a whole number from 1 to 100000000')
  .transform(Number);
const rate = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?$/, 'a decimal number')
  .transform(Number)
  .refine((value) => value > 0, 'more than zero');

/** Variables of every function. The AWS SDK reads the endpoints itself; only the local stage sets them. */
export const COMMON = {
  POWERTOOLS_SERVICE_NAME: text,
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  AWS_ENDPOINT_URL: address.optional(),
  AWS_ENDPOINT_URL_S3: address.optional(),
  AWS_ENDPOINT_URL_SAGEMAKER: address.optional(),
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: address.optional(),
};

export const TABLE = { TABLE_NAME: text };
export const FILES = { FILES_BUCKET: text };
export const WORK = { WORK_BUCKET: text };
export const EXECUTE_QUEUE = { EXECUTE_QUEUE_URL: text };
export const UNROUTED_QUEUE = { UNROUTED_QUEUE_URL: text };
export const UPLOADS_QUEUE = { UPLOADS_QUEUE_URL: text };
/** All queues of the stage, for their depths: a JSON object of URLs by name. */
export const QUEUES = { QUEUE_URLS: text };
export const ENDPOINT = { ENDPOINT_NAME: text };
/** Live connections: the address for clients, and the address of the API that sends to them. */
export const LIVE_URL = { LIVE_URL: z.string().min(1) };
export const CONNECTIONS = { CONNECTIONS_URL: address };
export const EVENT_BUS = { EVENT_BUS_NAME: text };

/** The sender of e-mails, and the public address of the web application, which their links name. */
export const MAIL = { MAIL_FROM: z.string().min(3), WEB_URL: address };
/** Of functions that send e-mails; only the local stage sets it. */
export const SES_ENDPOINT = { AWS_ENDPOINT_URL_SESV2: address.optional() };

/** For verifying tokens. */
export const AUTH = {
  USER_POOL_ID: text,
  USER_POOL_CLIENT_ID: text,
  /** `iss` of a valid token. */
  TOKEN_ISSUER: address,
  JWKS_URI: address,
};

export const IDENTITY = {
  /** Confirm new accounts without a code by e-mail. */
  AUTO_CONFIRM: flag,
  /** `Secure` on the refresh cookie. */
  COOKIE_SECURE: flag,
};

/** Sent along by the edge; none where there is no edge. */
export const EDGE = { ORIGIN_SECRET: text.optional() };

/** Price of complexity 1 at reputation 1.0. */
export const BASE_PRICE = { BASE_PRICE_SATOSHIS: satoshis };
/** Currency to show prices in, and satoshis per unit of it. Optional. */
export const FIAT = { FIAT_CURRENCY: text.optional(), FIAT_SATOSHIS_PER_UNIT: rate.optional() };

/** Minutes that Duke MM and registered agents have for a task before it goes to another agent or is refunded. */
export const DEADLINE = { DUKE_DEADLINE_MINUTES: count, AGENT_DEADLINE_MINUTES: count };

/** Maximum of receives before a message goes to the dead-letter queue: the handler fails the task on the last. */
export const RECEIVES = { MAX_RECEIVES: count };

/** The state machine of training runs. */
export const TRAINING_MACHINE = { TRAINING_MACHINE_ARN: text };
/** Part of the names of jobs. */
export const STAGE = { STAGE: text };
/** Settings of the SageMaker jobs of a run. */
export const JOB = {
  ...STAGE,
  JOB_IMAGE: text,
  JOB_ROLE_ARN: text,
  JOB_INSTANCE_TYPE: text,
  JOB_MAX_MINUTES: count,
  /** Absent if S3-managed keys encrypt the bucket. */
  JOB_KEY_ARN: text.optional(),
};
export const TRAINING = { PRESET: z.enum(['embedded', 'gpu', 'tiny']), SPOT: flag };
/** Whether a candidate that earns less than production is archived. */
export const REVENUE = { REVENUE_DECIDES: flag };
/** Minimum of new labels for a run. */
export const MIN_NEW_LABELS = { MIN_NEW_LABELS: count };
/**
 * Seconds after which a canary or a watch ends, the number of judged items after which both end, and whether the verdicts
 * of one buyer may decide.
 */
export const TRIAL = { TRIAL_MAX_ITEMS: count, SOLE_BUYER_DECIDES: flag };
export const CANARY = { CANARY_SECONDS: count, ...TRIAL };
export const WATCH = { WATCH_SECONDS: count, ...TRIAL };
/** Share of the tasks that a version in shadow answers too. */
export const SHADOW_SHARE = { SHADOW_SHARE: rate };
/** Time of day of the nightly run, in UTC. */
export const NIGHTLY = { NIGHTLY_AT: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) };

export const PAYMENT = { PAYMENT_PROVIDER: z.enum(['sandbox', 'manual']) };

/** Deployed release, as `/health` shows it. */
export const RELEASE = { RELEASE: text };
