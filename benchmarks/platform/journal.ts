/**
 * `node_modules/.bin/node benchmarks/platform/journal.ts [--pairs 30]`: what the journal costs. Two emulators run side by
 * side, one with the journal and one that keeps nothing; the same load goes to one and then the other for a second each, in
 * random order, so that other load of the machine meets both. Prints requests per second, and the median and quartiles of
 * the ratio of each pair.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { REGION } from '../../local/environment.ts';
import { startMiniStack, type MiniStack } from '../../local/ministack.ts';
import { freePort } from '../../local/ports.ts';
import { repository } from '../../local/platform.ts';

const CLIENTS = 8;
const WINDOW_MS = 1000;
const WARM_UP_WINDOWS = 3;
/** About what a task with its items weighs. */
const ITEM = { S: 'x'.repeat(800) };
const ITEMS_PER_TRANSACTION = 4;

interface Contender {
  readonly name: string;
  readonly stack: MiniStack;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  written: number;
}

async function contender(name: string, folder: string, extra: Record<string, string>): Promise<Contender> {
  const places = { root: repository, state: join(folder, name, 'state'), logs: join(folder, name, 'logs') };
  const port = await freePort();
  const stack = await startMiniStack(places, port, new AbortController().signal, extra);
  const client = {
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const [dynamodb, sqs] = [new DynamoDBClient(client), new SQSClient(client)];
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'bench',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench' }));
  return { name, stack, dynamodb, sqs, queueUrl: QueueUrl, written: 0 };
}

/** One transaction, three reads and one message: five requests in about the proportion of the API's own. */
async function round(to: Contender): Promise<number> {
  const id = to.written++;
  const pks = Array.from({ length: ITEMS_PER_TRANSACTION }, (_, i) => ({ S: `${id}#${i}` }));
  await to.dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: pks.map((pk) => ({ Put: { TableName: 'bench', Item: { pk, content: ITEM } } })),
    }),
  );
  for (const pk of pks.slice(0, 3))
    await to.dynamodb.send(new GetItemCommand({ TableName: 'bench', Key: { pk } }));
  await to.sqs.send(new SendMessageCommand({ QueueUrl: to.queueUrl, MessageBody: 'm'.repeat(300) }));
  return 5;
}

/** Processor time of a process so far, in milliseconds; Linux counts it in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

interface Measured {
  readonly perSecond: number;
  /** Processor time of the emulator for each request: what the rest of the machine does hardly changes it. */
  readonly cpuMs: number;
}

async function measure(to: Contender): Promise<Measured> {
  const started = performance.now();
  const cpu = cpuMs(to.stack.pid);
  let requests = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - started < WINDOW_MS) {
      const done = await round(to);
      requests += done;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    perSecond: (1000 * requests) / (performance.now() - started),
    cpuMs: (cpuMs(to.stack.pid) - cpu) / requests,
  };
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
const summary = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => quantile(sorted, share).toPrecision(3)).join(' / ');
};

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '30' } } });
const folder = mkdtempSync(join(tmpdir(), 'journal-bench-'));
const [kept, bare] = [
  await contender('journal', folder, {}),
  await contender('nothing-kept', folder, { PERSIST_STATE: '0' }),
];
try {
  for (let n = 0; n < WARM_UP_WINDOWS; n++) for (const each of [kept, bare]) await measure(each);
  const pairs: { kept: Measured; bare: Measured }[] = [];
  for (let n = 0; n < Number(values.pairs); n++) {
    if (Math.random() < 0.5) pairs.push({ kept: await measure(kept), bare: await measure(bare) });
    else {
      const first = await measure(bare);
      pairs.push({ bare: first, kept: await measure(kept) });
    }
  }
  console.log(
    `${pairs.length} pairs of ${WINDOW_MS} ms, ${CLIENTS} clients; first quartile / median / third quartile`,
  );
  const tell = (what: string, of: (pair: (typeof pairs)[number]) => number): void => {
    console.log(`${what.padEnd(58)} ${summary(pairs.map(of))}`);
  };
  tell('requests per second with the journal', ({ kept }) => kept.perSecond);
  tell('requests per second, nothing kept', ({ bare }) => bare.perSecond);
  tell(
    'ratio of the requests per second within each pair',
    ({ kept, bare }) => kept.perSecond / bare.perSecond,
  );
  tell('processor ms per request with the journal', ({ kept }) => kept.cpuMs);
  tell('processor ms per request, nothing kept', ({ bare }) => bare.cpuMs);
  tell('ratio of the processor time within each pair', ({ kept, bare }) => kept.cpuMs / bare.cpuMs);
} finally {
  await Promise.all([kept.stack.stop(), bare.stack.stop()]);
  rmSync(folder, { recursive: true });
}
