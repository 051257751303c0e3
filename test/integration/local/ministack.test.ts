import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
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
const consume = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  for (const record of Records)
    appendFileSync(process.env.SEEN, process.env.KIND + ' ' + (record.body ?? record.dynamodb.Keys.id.S) + '\\n');
  if (process.env.KIND === 'slow') await new Promise((resolve) => setTimeout(resolve, 3000));
  if (process.env.KIND === 'failing') throw new Error('always');
};`;

// 100 ms of work, and which process did it.
const tellProcess = `
exports.handler = async () => {
  for (const until = Date.now() + 100; Date.now() < until; );
  return { statusCode: 200, body: String(process.pid) };
};`;

const api = (func: (kind: string, code: string) => object) => ({
  apiFunction: func('api', tellProcess),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'probe', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['apiFunction', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: '$default',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
  },
});

function template(): object {
  const role = 'arn:aws:iam::000000000000:role/any';
  const func = (kind: string, code = consume) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: kind,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Timeout: 10,
      Code: { ZipFile: code },
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
    Outputs: { ApiId: { Value: { Ref: 'Api' } } },
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
      ...api(func),
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

describe('a burst of requests', () => {
  it('is answered by a few processes in turn', async () => {
    const { Stacks } = await new CloudFormationClient(client()).send(
      new DescribeStacksCommand({ StackName: 'probe' }),
    );
    const apiId = Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? expect.fail('no API');
    const address = `http://127.0.0.1:${port}/_aws/execute-api/${apiId}/$default/`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(address)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const processes = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(processes.size).toBeGreaterThan(1);
    expect(processes.size).toBeLessThanOrEqual(Math.max(4, 2 * cpus().length));
  });
});

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
