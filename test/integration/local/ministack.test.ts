import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMiniStack, type MiniStack } from '../../../local/ministack.ts';
import { REGION, type Places } from '../../../local/environment.ts';
import { freePort } from '../../../local/ports.ts';

/** What the launcher adds to MiniStack, and what DukeNET's queues rely on, on an instance of its own. */
let folder: string;
let places: Places;
let port: number;
let ministack: MiniStack;

const start = async (): Promise<void> => {
  ministack = await startMiniStack(places, port, new AbortController().signal, 1);
};
const client = () => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: REGION,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

// Each function writes what it was given into one file, which outlives every process here.
const handler = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  for (const record of Records)
    appendFileSync(process.env.SEEN, process.env.KIND + ' ' + (record.body ?? record.dynamodb.Keys.id.S) + '\\n');
  if (process.env.KIND === 'slow') await new Promise((resolve) => setTimeout(resolve, 3000));
  if (process.env.KIND === 'failing') throw new Error('always');
};`;

function template(): object {
  const role = 'arn:aws:iam::000000000000:role/any';
  const func = (kind: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: kind,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Timeout: 10,
      Code: { ZipFile: handler },
      Environment: { Variables: { KIND: kind, SEEN: join(folder, 'seen') } },
    },
  });
  const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const consumer = (kind: string) => ({
    [`${kind}Function`]: func(kind),
    [`${kind}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: kind,
        VisibilityTimeout: kind === 'failing' ? 1 : 30,
        RedrivePolicy: { deadLetterTargetArn: arn('DeadQueue'), maxReceiveCount: 2 },
      },
    },
    [`${kind}Source`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: kind,
        EventSourceArn: arn(`${kind}Queue`),
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
      DependsOn: [`${kind}Function`],
    },
  });
  return {
    Resources: {
      DeadQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      ...consumer('slow'),
      ...consumer('quick'),
      ...consumer('failing'),
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'things',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
      streamFunction: func('stream'),
      streamSource: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: 'stream',
          EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
          StartingPosition: 'TRIM_HORIZON',
        },
        DependsOn: ['streamFunction'],
      },
    },
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ministack-'));
  places = {
    root: join(import.meta.dirname, '../../..'),
    state: join(folder, 'state'),
    logs: join(folder, 'logs'),
  };
  port = await freePort();
  await start();
  const cloudformation = new CloudFormationClient(client());
  await cloudformation.send(
    new CreateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(template()) }),
  );
  await waitUntilStackCreateComplete(
    { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
    { StackName: 'probe' },
  );
});
afterAll(async () => {
  await ministack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const seen = (): string[] => {
  try {
    return readFileSync(join(folder, 'seen'), 'utf8').trimEnd().split('\n');
  } catch {
    // Nothing was seen yet.
    return [];
  }
};
const untilSeen = (line: string, timeout = 10_000): Promise<void> =>
  vi.waitFor(() => {
    expect(seen()).toContain(line);
  }, timeout);
const put = (id: string) =>
  new DynamoDBClient(client()).send(new PutItemCommand({ TableName: 'things', Item: { id: { S: id } } }));
const queueUrl = async (name: string): Promise<string> => {
  const { QueueUrl } = await new SQSClient(client()).send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl ?? expect.fail(`no queue ${name}`);
};
const send = async (queue: string, body: string) =>
  new SQSClient(client()).send(
    new SendMessageCommand({ QueueUrl: await queueUrl(queue), MessageBody: body }),
  );

describe('the queues', () => {
  it('are served side by side: a slow consumer delays no other', async () => {
    for (const n of [1, 2, 3, 4]) await send('slow', `s${n}`);
    await untilSeen('slow s1');
    await send('quick', 'q1');
    await untilSeen('quick q1', 2500);
    expect(seen().filter((line) => line.startsWith('slow'))).toHaveLength(2);
    await untilSeen('slow s4');
  });

  it('give up a message after its receives', async () => {
    await send('failing', 'f1');
    await vi.waitFor(async () => {
      const { Attributes } = await new SQSClient(client()).send(
        new GetQueueAttributesCommand({
          QueueUrl: await queueUrl('dead'),
          AttributeNames: ['ApproximateNumberOfMessages'],
        }),
      );
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
    }, 15_000);
    expect(seen().filter((line) => line === 'failing f1')).toHaveLength(2);
  });
});

describe('a restart', () => {
  it('loses no change of a table on its way to the consumer of the stream', async () => {
    for (const id of ['a', 'b', 'c']) await put(id);
    await untilSeen('stream c');
    await ministack.stop();
    await start();
    await put('d');
    await untilSeen('stream d');
  });

  it('after a kill has what was saved while it ran', async () => {
    await put('e');
    await untilSeen('stream e');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    process.kill(ministack.pid, 'SIGKILL');
    expect(await ministack.died).toContain('SIGKILL');
    await start();
    const { Items } = await new DynamoDBClient(client()).send(new ScanCommand({ TableName: 'things' }));
    expect(Items?.map(({ id }) => id?.S).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await put('f');
    await untilSeen('stream f');
  });
});
