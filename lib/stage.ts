/**
 * The settings of each stage. Only this file reads CDK context and, for infrastructure, environment variables; constructs
 * get a `StageConfig`.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { DEFAULT_BASE_PRICE_SATOSHIS } from '../contracts/rules/price.ts';
import { StageConfig } from './stage-config.ts';

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
/** Canaries of a working day, watches of a week; a fifth of the tasks is answered twice. */
const trials = {
  canarySeconds: 8 * 3600,
  watchSeconds: 7 * 24 * 3600,
  maxItems: 20_000,
  soleBuyerDecides: false,
  lookSeconds: 300,
  share: 0.2,
} as const;
const training = {
  nightlyAt: '02:30',
  minNewLabels: 20,
  revenueDecides: false,
  preset: 'embedded',
  maxMinutes: 12 * 60,
} as const;

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
      // Work on a laptop is not steady: a canary without verdicts ends soon, and the watch goes on. Often there is one buyer.
      trials: {
        canarySeconds: 20,
        watchSeconds: 1800,
        maxItems: 2000,
        lookSeconds: 2,
        share: 1,
        soleBuyerDecides: true,
      },
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
    monthlyBudgetUsd: Number(env.DUKENET_MONTHLY_BUDGET_USD ?? 150),
    name: 'dev',
    logLevel: 'DEBUG',
    logRetentionDays: 14,
    throttle: { rate: 100, burst: 200 },
    executeConcurrency: 4,
    training: {
      ...training,
      pollSeconds: 60,
      trials: { ...trials, canarySeconds: 3600, share: 1 },
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
    monthlyBudgetUsd: Number(env.DUKENET_MONTHLY_BUDGET_USD ?? 2500),
    name: 'prod',
    logLevel: 'INFO',
    logRetentionDays: 365,
    throttle: { rate: 1000, burst: 2000 },
    executeConcurrency: 16,
    training: {
      ...training,
      revenueDecides: true,
      pollSeconds: 60,
      trials,
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
