import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REGION, type Places } from '../../../local/environment.ts';
import { startMiniStack, type MiniStack } from '../../../local/ministack.ts';
import { freePort } from '../../../local/ports.ts';

/** A MiniStack that has never been stopped: what its first boot acknowledged exists in the journal only. */
let folder: string;
let places: Places;
let port: number;
let ministack: MiniStack;

const start = async (): Promise<void> => {
  ministack = await startMiniStack(places, port, new AbortController().signal);
};
const connection = () => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: REGION,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const services = () => ({
  cloudformation: new CloudFormationClient(connection()),
  cognito: new CognitoIdentityProviderClient(connection()),
  dynamodb: new DynamoDBClient(connection()),
  s3: new S3Client({ ...connection(), forcePathStyle: true }),
  sqs: new SQSClient(connection()),
});

async function killAndStart(): Promise<void> {
  process.kill(ministack.pid, 'SIGKILL');
  expect(await ministack.died).toContain('SIGKILL');
  await start();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-boot-'));
  places = {
    root: join(import.meta.dirname, '../../..'),
    state: join(folder, 'state'),
    logs: join(folder, 'logs'),
  };
  port = await freePort();
  await start();
});
afterEach(async () => {
  await ministack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const STACK = {
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'of-stack' } },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'of-stack' } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'of-stack',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
  },
};

it('keeps a stack that was killed right after it was reported complete', async () => {
  const { cloudformation } = services();
  await cloudformation.send(
    new CreateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(STACK) }),
  );
  await waitUntilStackCreateComplete(
    { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
    { StackName: 'probe' },
  );
  await killAndStart();
  const after = services();
  const { Stacks } = await after.cloudformation.send(new DescribeStacksCommand({ StackName: 'probe' }));
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
  await after.sqs.send(new GetQueueUrlCommand({ QueueName: 'of-stack' }));
  await after.s3.send(new HeadBucketCommand({ Bucket: 'of-stack' }));
  await after.dynamodb.send(new DescribeTableCommand({ TableName: 'of-stack' }));
});

it('keeps each resource that was acknowledged before a kill', async () => {
  for (const round of [1, 2, 3]) {
    const { cognito, s3, sqs } = services();
    await s3.send(new CreateBucketCommand({ Bucket: `bucket-${round}` }));
    const pool = await cognito.send(new CreateUserPoolCommand({ PoolName: `pool-${round}` }));
    await sqs.send(new CreateQueueCommand({ QueueName: `queue-${round}` }));
    await killAndStart();
    const after = services();
    await after.s3.send(new HeadBucketCommand({ Bucket: `bucket-${round}` }));
    await after.cognito.send(new DescribeUserPoolCommand({ UserPoolId: pool.UserPool?.Id }));
    await after.sqs.send(new GetQueueUrlCommand({ QueueName: `queue-${round}` }));
  }
});
