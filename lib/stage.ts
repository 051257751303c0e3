import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { DEFAULT_BASE_PRICE_SATOSHIS, MAX_BASE_PRICE_SATOSHIS } from '../contracts/rules/price.ts';

/**
 * All settings in which local, dev and prod differ. Only this file reads CDK context and, for infrastructure, environment
 * variables; constructs get a `StageConfig`.
 */
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
    /** Seconds between two polls of a job. Each poll is 9 events; an execution may have 25,000. */
    pollSeconds: z.int().positive(),
    preset: z.enum(['embedded', 'gpu', 'tiny']),
    instanceType: z.string().startsWith('ml.'),
    evaluationInstanceType: z.string().startsWith('ml.'),
    /** Use spot capacity, at about a third of the price; an interrupted job resumes from its checkpoint. */
    spot: z.boolean(),
    maxMinutes: z.int().positive(),
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

export interface StageSources {
  /** A context value: `-c name=value`. */
  readonly context: (name: string) => unknown;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const common = {
  dukeDeadlineMinutes: 30,
  agentDeadlineMinutes: 24 * 60,
  maxReceives: 4,
  memoryMb: { api: 512, worker: 512, parser: 1024, decoder: 2048 },
} as const;

/** Training settings shared by all stages. Use the preset `gpu` only if the image contains its weights. */
const training = { nightlyAt: '02:30', minNewLabels: 20, preset: 'embedded', maxMinutes: 12 * 60 } as const;

const origins = (urls = ''): string[] =>
  urls
    .split(',')
    .filter((url) => url !== '')
    .map((url) => new URL(url).origin);

const packageVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version;

const stages = {
  local: (env: StageSources['environment']) => ({
    ...common,
    pricing: pricing(env),
    name: 'local',
    account: '000000000000',
    region: 'eu-central-1',
    awsUrl: env.DUKENET_AWS_URL ?? 'http://127.0.0.1:4566',
    sagemakerUrl: env.DUKENET_SAGEMAKER_URL ?? 'http://127.0.0.1:4567',
    mailUrl: `${env.DUKENET_API_URL ?? 'http://127.0.0.1:8000'}/local/ses`,
    mail: { from: 'notices@dukenet.local', webUrl: env.DUKENET_WEB_URL ?? 'http://localhost:3001' },
    liveUrl: `${(env.DUKENET_WEB_URL ?? 'http://localhost:3001').replace(/^http/, 'ws')}/live`,
    webOrigins: origins(env.DUKENET_WEB_URL ?? 'http://localhost:3001'),
    logLevel: 'INFO',
    logRetentionDays: 1,
    throttle: { rate: 1000, burst: 2000 },
    executeConcurrency: 2,
    training: {
      ...training,
      pollSeconds: 2,
      // Required by the API but unused: local jobs are processes on this machine.
      instanceType: 'ml.m5.large',
      evaluationInstanceType: 'ml.m5.large',
      spot: false,
    },
    autoConfirm: true,
    cookieSecure: false,
    paymentProvider: 'sandbox',
    durable: false,
  }),
  dev: (env: StageSources['environment']) => ({
    ...common,
    ...awsTarget(env),
    ...site(env),
    pricing: pricing(env),
    ...mail(env),
    name: 'dev',
    logLevel: 'DEBUG',
    logRetentionDays: 14,
    throttle: { rate: 100, burst: 200 },
    executeConcurrency: 4,
    training: {
      ...training,
      pollSeconds: 60,
      instanceType: 'ml.g4dn.xlarge',
      evaluationInstanceType: 'ml.g4dn.xlarge',
      spot: true,
    },
    endpoint: { instanceType: env.DUKENET_ENDPOINT_INSTANCE ?? 'ml.c7i.large', instanceCount: 1 },
    autoConfirm: false,
    cookieSecure: true,
    paymentProvider: 'manual',
    durable: false,
  }),
  prod: (env: StageSources['environment']) => ({
    ...common,
    ...awsTarget(env),
    ...site(env),
    pricing: pricing(env),
    ...mail(env),
    name: 'prod',
    logLevel: 'INFO',
    logRetentionDays: 365,
    throttle: { rate: 1000, burst: 2000 },
    executeConcurrency: 16,
    training: {
      ...training,
      pollSeconds: 60,
      instanceType: 'ml.g5.2xlarge',
      evaluationInstanceType: 'ml.g5.xlarge',
      spot: true,
    },
    endpoint: { instanceType: env.DUKENET_ENDPOINT_INSTANCE ?? 'ml.g5.xlarge', instanceCount: 2 },
    autoConfirm: false,
    cookieSecure: true,
    paymentProvider: 'manual',
    durable: true,
  }),
} as const satisfies Record<StageConfig['name'], (env: StageSources['environment']) => object>;

/** Reads `DUKENET_BASE_PRICE_SATOSHIS`, and `DUKENET_FIAT_CURRENCY` with `DUKENET_FIAT_SATOSHIS_PER_UNIT`. */
function pricing(env: StageSources['environment']) {
  const base = env.DUKENET_BASE_PRICE_SATOSHIS;
  const currency = env.DUKENET_FIAT_CURRENCY;
  const rate = env.DUKENET_FIAT_SATOSHIS_PER_UNIT;
  return {
    basePriceSatoshis: base === undefined ? DEFAULT_BASE_PRICE_SATOSHIS : Number(base),
    ...((currency !== undefined || rate !== undefined) && {
      fiat: { currency, satoshisPerUnit: Number(rate) },
    }),
  };
}

/** Reads `DUKENET_MAIL_FROM`, which needs the address of the pages: `DUKENET_DOMAIN` or `DUKENET_WEB_URL`. */
const mail = (env: StageSources['environment']) =>
  env.DUKENET_MAIL_FROM === undefined
    ? {}
    : {
        mail: {
          from: env.DUKENET_MAIL_FROM,
          webUrl:
            env.DUKENET_DOMAIN === undefined
              ? origins(env.DUKENET_WEB_URL)[0]
              : `https://${env.DUKENET_DOMAIN}`,
        },
      };

/** The names that CloudFront gives to distributions. Which one it gives, is known after the buckets are deployed. */
const CLOUDFRONT_NAMES = 'https://*.cloudfront.net';

/**
 * Reads `DUKENET_DOMAIN` with `DUKENET_HOSTED_ZONE_ID` and, if the zone has another name, `DUKENET_HOSTED_ZONE`; and
 * `DUKENET_WEB_URL`, for pages elsewhere that upload files too (a development server).
 */
function site(env: StageSources['environment']) {
  const name = env.DUKENET_DOMAIN;
  const own = name === undefined ? CLOUDFRONT_NAMES : `https://${name}`;
  return {
    webOrigins: [own, ...origins(env.DUKENET_WEB_URL)],
    ...(name !== undefined && {
      domain: { name, hostedZoneId: env.DUKENET_HOSTED_ZONE_ID, zoneName: env.DUKENET_HOSTED_ZONE ?? name },
    }),
  };
}

/** Account and region of the credentials that `cdk` uses; without an account the templates are account-agnostic. */
function awsTarget(env: StageSources['environment']) {
  return {
    ...(env.DUKENET_ALARM_EMAIL !== undefined && { alarmEmail: env.DUKENET_ALARM_EMAIL }),
    ...(env.CDK_DEFAULT_ACCOUNT && { account: env.CDK_DEFAULT_ACCOUNT }),
    region: env.CDK_DEFAULT_REGION,
  };
}

/**
 * Reads the configuration of the stage named by `-c stage=`.
 * @throws Error if it is missing or names no stage, ZodError if a setting is malformed
 */
export function readStage({ context, environment }: StageSources): StageConfig {
  const name = z.enum(['local', 'dev', 'prod']).safeParse(context('stage'));
  if (!name.success) throw new Error('Name the stage: -c stage=local, dev or prod');
  const release = context('release') ?? packageVersion();
  return StageConfig.parse({ release, ...stages[name.data](environment) });
}

/** The `env` property of this stage's stacks. */
export const environmentOf = ({ account, region }: StageConfig) => ({
  env: { region, ...(account && { account }) },
});
