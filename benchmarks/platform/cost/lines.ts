import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LOG_BYTES_OF_INVOCATION, PRICES, REQUESTS_OF_MESSAGE } from './prices.ts';

/** What one task caused, of one service. */
export interface Line {
  readonly what: string;
  readonly count: number;
  readonly usd: number;
}

const Call = z.looseObject({
  at: z.string(),
  function: z.string(),
  service: z.string(),
  operation: z.string(),
  units: z.number().optional(),
  entries: z.number().optional(),
});
const Invocation = z.object({
  function: z.string(),
  memory_mb: z.number(),
  /** Seconds since 1970. */
  at: z.number(),
  ms: z.number(),
});

/** What a task does not cause: these run by the clock. */
const SCHEDULED = new Set(['tasks/sweep', 'files/expire', 'learning/reconcile', 'learning/nightly']);
const nameOf = (functionName: string): string =>
  functionName.replace(/^dukenet-[a-z]+-/, '').replace('-', '/');

/** Functions that the gateway calls. */
const ROUTES = new Set(['files/preview', 'tasks/work', 'tasks/quote', 'tasks/judge']);
const isRoute = (name: string): boolean => name.endsWith('/api') || ROUTES.has(name);
const isRouter = (name: string): boolean => name === 'events/route';

const linesOf = (file: string): unknown[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text): unknown => JSON.parse(text))
    : [];

/** The recorded calls and invocations of a span of time, priced. */
export function priced(folder: string, from: number, to: number): Line[] {
  const calls = readdirSync(folder)
    .filter((name) => name.startsWith('dukenet-'))
    .flatMap((name) => linesOf(join(folder, name)))
    .map((line) => Call.parse(line))
    .filter((call) => !SCHEDULED.has(call.function))
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < to);
  const invocations = linesOf(join(folder, 'invocations.jsonl'))
    .map((line) => Invocation.parse(line))
    .filter((invocation) => !SCHEDULED.has(nameOf(invocation.function)))
    .filter(({ at }) => 1000 * at >= from && 1000 * at < to);
  return [
    ...tableLines(calls),
    ...objectLines(calls),
    ...messageLines(calls, invocations),
    ...functionLines(invocations),
  ];
}

type Call = z.infer<typeof Call>;
type Invocation = z.infer<typeof Invocation>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const line = (what: string, count: number, price: number): Line => ({ what, count, usd: count * price });

const READS = new Set(['GetItem', 'BatchGetItem', 'Query']);

function tableLines(calls: readonly Call[]): Line[] {
  const units = (isRead: boolean): number =>
    sum(
      calls
        .filter(({ service, operation }) => service === 'dynamodb' && READS.has(operation) === isRead)
        .map((call) => call.units ?? 0),
    );
  return [
    line('DynamoDB write units', units(false), PRICES.dynamoDbWriteUnit),
    line('DynamoDB read units', units(true), PRICES.dynamoDbReadUnit),
  ];
}

const S3_GETS = new Set(['GetObject', 'HeadObject']);

function objectLines(calls: readonly Call[]): Line[] {
  const objects = calls.filter(
    ({ service, operation }) => service === 's3' && !operation.startsWith('Delete'),
  );
  const gets = objects.filter(({ operation }) => S3_GETS.has(operation)).length;
  return [line('S3 reads', gets, PRICES.s3Get), line('S3 writes', objects.length - gets, PRICES.s3Put)];
}

function messageLines(calls: readonly Call[], invocations: readonly Invocation[]): Line[] {
  const names = invocations.map((invocation) => nameOf(invocation.function));
  const queued = names.filter((name) => !isRoute(name) && !isRouter(name)).length;
  const events = sum(calls.map((call) => (call.service === 'events' ? (call.entries ?? 0) : 0)));
  return [
    line('events', events, PRICES.event),
    line('SQS requests', REQUESTS_OF_MESSAGE * queued, PRICES.sqsRequest),
    line('HTTP requests', names.filter(isRoute).length, PRICES.httpRequest),
  ];
}

function functionLines(invocations: readonly Invocation[]): Line[] {
  const gbSeconds = sum(invocations.map(({ memory_mb, ms }) => (memory_mb / 1024) * (ms / 1000)));
  const logGb = (invocations.length * LOG_BYTES_OF_INVOCATION) / 1e9;
  return [
    line('invocations', invocations.length, PRICES.lambdaRequest),
    line('GB-seconds', gbSeconds, PRICES.lambdaGbSecond),
    line('GB of logs', logGb, PRICES.logsGb),
  ];
}

/** DynamoDB units and S3 requests by function and operation, most expensive first. */
export function byFunction(folder: string, from: number, to: number): string[] {
  const totals = new Map<string, { count: number; units: number }>();
  for (const name of readdirSync(folder).filter((file) => file.startsWith('dukenet-')))
    for (const value of linesOf(join(folder, name))) {
      const call = Call.parse(value);
      const at = Date.parse(call.at);
      if (SCHEDULED.has(call.function) || at < from || at >= to) continue;
      const key = `${call.function} ${call.service}:${call.operation}`;
      const total = totals.get(key) ?? { count: 0, units: 0 };
      totals.set(key, { count: total.count + 1, units: total.units + (call.units ?? 0) });
    }
  return [...totals]
    .sort(([, a], [, b]) => b.units - a.units || b.count - a.count)
    .map(([key, { count, units }]) => `  ${key}: ${count}${units > 0 ? `, ${units} units` : ''}`);
}
