/** All settings in which local, dev and prod differ, as constructs get them. `stage.ts` reads them. */
import * as z from 'zod';
import { MAX_BASE_PRICE_SATOSHIS } from '../contracts/rules/price.ts';

const Throttle = z.strictObject({ rate: z.int().positive(), burst: z.int().positive() });

const everyStage = {
  account: z
    .string()
    .regex(/^\d{12}$/, 'twelve digits')
    .optional(),
  region: z.string('no region: set AWS_REGION or name a profile that has one').min(1),
  /** The deployed release, reported by `/health`. */
  release: z.string().min(1),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  logRetentionDays: z.int().positive(),
  /** Requests per second and burst over all callers of a route; functions limit each caller (docs/adr/0041). */
  throttle: Throttle,
  /** Minutes that Duke MM has for a task before it fails and is refunded. */
  dukeDeadlineMinutes: z.int().positive(),
  /** Minutes that a registered agent has for a task before it goes to another one. */
  agentDeadlineMinutes: z.int().positive().max(999_999),
  pricing: z.strictObject({
    /** Satoshis for complexity 1 at reputation 1.0. A task keeps the price it was posted for. */
    basePriceSatoshis: z.int().min(1).max(MAX_BASE_PRICE_SATOSHIS),
    /** A currency in which the page shows prices, at a fixed rate. All payments are in satoshis. */
    fiat: z
      .strictObject({
        currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code of three capital letters'),
        /** Written into the function's environment as a decimal number. */
        satoshisPerUnit: z.number().min(0.000001).max(1e15),
      })
      .optional(),
  }),
  /** Receives of a queue message before it goes to the dead-letter queue. */
  maxReceives: z.int().min(2).max(1000),
  /** Maximum number of chunks at the endpoint at the same time; SQS requires at least 2. */
  executeConcurrency: z.int().min(2).max(1000),
  memoryMb: z.strictObject({ api: z.int(), worker: z.int(), parser: z.int(), decoder: z.int() }),
  /** How Duke MM is trained. */
  training: z.strictObject({
    /** Time of day of the nightly run, in UTC. */
    nightlyAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    /** Minimum number of new labels for a run. */
    minNewLabels: z.int().positive(),
    /** Whether a candidate that earns less than the version in production, beyond noise, is archived. */
    revenueDecides: z.boolean(),
    /** Seconds between two polls of a job. Each poll is 9 events; an execution may have 25,000. */
    pollSeconds: z.int().positive(),
    preset: z.enum(['embedded', 'gpu', 'tiny']),
    instanceType: z.string().startsWith('ml.'),
    evaluationInstanceType: z.string().startsWith('ml.'),
    /** Use spot capacity, at about a third of the price; an interrupted job resumes from its checkpoint. */
    spot: z.boolean(),
    maxMinutes: z.int().positive(),
    /** Versions that answer in shadow beside the one in production (docs/adr/0069). */
    trials: z.strictObject({
      /** How long a candidate answers in shadow before it is promoted, if the verdicts do not decide sooner. */
      canarySeconds: z.int().positive(),
      /** How long its predecessor answers in shadow after the promotion. */
      watchSeconds: z.int().positive(),
      /** Number of judged items after which either ends. */
      maxItems: z.int().positive(),
      /** Whether the verdicts of one buyer may decide; else what is left without any one of them has to. */
      soleBuyerDecides: z.boolean(),
      /** Seconds between two looks of a run at its canary. */
      lookSeconds: z.int().positive(),
      /** Share of the tasks that are answered in shadow too: the cost that is added to serving. */
      share: z.number().positive().max(1),
    }),
  }),
  /** Sender of e-mails to agents and buyers, and the public address that their links name. Without it none are sent. */
  mail: z.strictObject({ from: z.email(), webUrl: z.url() }).optional(),
  /** Origins of web pages that may upload to the presigned form; one `*` in each at most, as S3 takes them. */
  webOrigins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'an origin')).min(1),
};

const Endpoint = z.strictObject({
  /** GPU or CPU; the image runs on both. */
  instanceType: z.string().startsWith('ml.'),
  instanceCount: z.int().positive(),
});

/** The platform on one machine: MiniStack, no GPU, no customer key, play money, no e-mail. */
const Local = z.strictObject({
  ...everyStage,
  name: z.literal('local'),
  /** URL of MiniStack for functions. An IP address, so that the SDK uses path-style S3 addresses. */
  awsUrl: z.url(),
  sagemakerUrl: z.url(),
  /** Takes e-mails instead of SES, and writes them into a folder. */
  mailUrl: z.url(),
  /** Address of the WebSocket: the local edge hands it on to MiniStack. */
  liveUrl: z.string().regex(/^wss?:\/\//),
  autoConfirm: z.literal(true),
  cookieSecure: z.literal(false),
  paymentProvider: z.literal('sandbox'),
  durable: z.literal(false),
});
const HOST_NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** The domain of web application and API, in a hosted zone of the account. */
const Domain = z.strictObject({
  name: z.string().regex(HOST_NAME, 'a host name'),
  hostedZoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'the id of a hosted zone'),
  zoneName: z.string().regex(HOST_NAME, 'the name of a hosted zone'),
});

const onAws = {
  ...everyStage,
  endpoint: Endpoint,
  /** Told when an alarm fires, once its owner has confirmed the subscription. */
  alarmEmail: z.email().optional(),
  /** US dollars that the stage may cost in a month; somebody is told at 80 % and at 100 %. */
  monthlyBudgetUsd: z.number().positive(),
  /** Without one CloudFront names the distribution. */
  domain: Domain.optional(),
  autoConfirm: z.literal(false),
  cookieSecure: z.literal(true),
  paymentProvider: z.literal('manual'),
};
/** `durable`: resources with data are retained when their stack is deleted, and the stack has termination protection. */
const Dev = z.strictObject({ ...onAws, name: z.literal('dev'), durable: z.literal(false) });
const Prod = z.strictObject({ ...onAws, name: z.literal('prod'), durable: z.literal(true) });

export const StageConfig = z.discriminatedUnion('name', [Local, Dev, Prod]);
export type StageConfig = z.infer<typeof StageConfig>;
export type LocalStage = z.infer<typeof Local>;
export type AwsStage = Exclude<StageConfig, LocalStage>;

/** Whether a SageMaker instance type has an NVIDIA GPU. */
export const hasGpu = (instanceType: string): boolean => /^ml\.(g|p)\d/.test(instanceType);

/** The `env` property of this stage's stacks. */
export const environmentOf = ({ account, region }: StageConfig) => ({
  env: { region, ...(account && { account }) },
});
