import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  ListUsersInGroupCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
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
  ministack = await startMiniStack(places, port, new AbortController().signal);
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

/** What a kill must leave as it is: a queue that nobody reads, a bucket that announces objects, accounts, a machine that waits. */
const kept = (consumer: (kind: string) => object) => ({
  KeptQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'kept' } },
  ...consumer('events'),
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'kept',
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.s3', 'aws.states'] },
      Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['eventsQueue', 'Arn'] } }],
    },
  },
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UsernameAttributes: ['email'] } },
  PoolClient: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: { Ref: 'Pool' },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      EnableTokenRevocation: true,
    },
  },
  Group: {
    Type: 'AWS::Cognito::UserPoolGroup',
    Properties: { UserPoolId: { Ref: 'Pool' }, GroupName: 'buyer' },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: 'arn:aws:iam::000000000000:role/any',
      DefinitionString: JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 600, End: true } },
      }),
    },
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
    Outputs: {
      ApiId: { Value: { Ref: 'Api' } },
      UserPoolId: { Value: { Ref: 'Pool' } },
      ClientId: { Value: { Ref: 'PoolClient' } },
      Machine: { Value: { Ref: 'Machine' } },
    },
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
      ...kept(consumer),
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

const outputs = async (): Promise<Record<string, string>> => {
  const { Stacks } = await new CloudFormationClient(client()).send(
    new DescribeStacksCommand({ StackName: 'probe' }),
  );
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  ) as Record<string, string>;
};

describe('a burst of requests', () => {
  it('is answered by a few processes in turn', async () => {
    const { ApiId: apiId } = await outputs();
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
  it('on another port feeds the functions of the same queues', async () => {
    await send('kept', 'before the move');
    await ministack.stop();
    port = await freePort();
    await start();
    await send('quick', 'after the move');
    await untilSeen('quick after the move');
    const { Messages } = await new SQSClient(client()).send(
      new ReceiveMessageCommand({ QueueUrl: await queueUrl('kept') }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['before the move']);
    await new SQSClient(client()).send(
      new DeleteMessageCommand({
        QueueUrl: await queueUrl('kept'),
        ReceiptHandle: Messages?.[0]?.ReceiptHandle,
      }),
    );
  });

  it('loses no change of a table before the consumer of the stream has read it', async () => {
    for (const id of ['a', 'b', 'c']) await put(id);
    await untilSeen('stream c');
    await ministack.stop();
    await start();
    await put('d');
    await untilSeen('stream d');
  });
});

/** Ends it as a switched-off machine does: at once, with requests under way. */
async function kill(): Promise<void> {
  process.kill(ministack.pid, 'SIGKILL');
  expect(await ministack.died).toContain('SIGKILL');
}

const ids = async (): Promise<string[]> => {
  const { Items } = await new DynamoDBClient(client()).send(
    new ScanCommand({ TableName: 'things', ConsistentRead: true }),
  );
  return (Items ?? []).map(({ id }) => id?.S ?? '');
};

describe('a kill', () => {
  it('at any moment under load loses nothing that was acknowledged, and a transaction is there whole or not at all', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const dynamodb = new DynamoDBClient({ ...client(), maxAttempts: 1 });
      const pair = async (name: string): Promise<void> => {
        const TransactItems = [`${name}-left`, `${name}-right`].map((id) => ({
          Put: { TableName: 'things', Item: { id: { S: id } } },
        }));
        await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
        acknowledged.push(`${name}-left`, `${name}-right`);
      };
      let stopped = false;
      const writer = async (worker: number): Promise<void> => {
        for (let n = 0; !stopped; n++) await pair(`k${round}.${worker}.${n}`);
      };
      const writers = [1, 2, 3, 4].map((worker) => writer(worker).catch(() => undefined));
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 900));
      await kill();
      stopped = true;
      await Promise.all(writers);
      await start();
      const kept = new Set(await ids());
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
      const halves = [...kept].filter((id) => id.endsWith('-left') !== kept.has(id.replace('left', 'right')));
      expect(halves.filter((id) => id.endsWith('-left'))).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThan(60);
    // And each of them reaches the consumer of the stream, or had reached it.
    for (const id of acknowledged.slice(-20)) await untilSeen(`stream ${id}`, 30_000);
    await put('after the kills');
    await untilSeen('stream after the kills');
  });

  it('keeps messages that wait, are delayed or are in flight', async () => {
    const sqs = new SQSClient(client());
    const QueueUrl = await queueUrl('kept');
    await send('kept', 'in flight');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
    await send('kept', 'waiting');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
    await send('kept', 'done with');
    const done = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle, Body } of done.Messages ?? [])
      if (Body === 'done with') await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      else
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await kill();
    await start();
    const { Attributes } = await new SQSClient(client()).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(again.Messages?.map(({ Body }) => Body)).toEqual(['waiting']);
    // The receipt from before the kill still counts.
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
  });

  it('keeps an object and the event that announces it', async () => {
    const s3 = new S3Client({ ...client(), forcePathStyle: true });
    for (const n of [1, 2, 3]) {
      const Body = `content ${n}`;
      await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: `object ${n}`, Body }));
      await kill();
      await start();
      const object = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: `object ${n}` }));
      expect(await object.Body?.transformToString()).toBe(Body);
      await vi.waitFor(() => {
        expect(
          seen().filter((line) => line.includes(`object+${n}`) || line.includes(`object ${n}`)),
        ).not.toEqual([]);
      }, 10_000);
    }
  });

  it('keeps an account, its changed password, its group, and that a session was ended', async () => {
    const cognito = new CognitoIdentityProviderClient(client());
    const { UserPoolId, ClientId } = await outputs();
    const Username = 'somebody@example.com';
    const user = { UserPoolId, Username };
    await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    for (const Password of ['First-password-1', 'Second-password-2'])
      await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: 'buyer' }));
    const signIn = (PASSWORD: string) =>
      cognito.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: Username, PASSWORD },
        }),
      );
    const refresh = (token?: string) =>
      cognito.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: token ?? '' },
        }),
      );
    const kept = (await signIn('Second-password-2')).AuthenticationResult?.RefreshToken;
    const ended = (await signIn('Second-password-2')).AuthenticationResult?.RefreshToken;
    await cognito.send(new RevokeTokenCommand({ ClientId, Token: ended }));
    await kill();
    await start();
    await expect(signIn('First-password-1')).rejects.toThrow('Incorrect username or password');
    await signIn('Second-password-2');
    expect((await refresh(kept)).AuthenticationResult?.IdToken).toBeTruthy();
    await expect(refresh(ended)).rejects.toThrow();
    const groups = await cognito.send(new AdminListGroupsForUserCommand(user));
    expect(groups.Groups?.map(({ GroupName }) => GroupName)).toEqual(['buyer']);
    const members = await cognito.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: 'buyer' }));
    expect(members.Users).toHaveLength(1);
  });

  it('fails an execution that was running, and announces its end', async () => {
    const states = new SFNClient(client());
    const { Machine } = await outputs();
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: Machine }));
    await kill();
    await start();
    const { status } = await new SFNClient(client()).send(new DescribeExecutionCommand({ executionArn }));
    expect(status).toBe('FAILED');
    await vi.waitFor(() => {
      expect(
        seen().filter((line) => line.includes(executionArn ?? '') && line.includes('FAILED')),
      ).toHaveLength(1);
    }, 10_000);
  });

  it('in the middle of a change of the stack leaves the stack as it was', async () => {
    const cloudformation = new CloudFormationClient({ ...client(), maxAttempts: 1 });
    const changed = template() as { Resources: Record<string, object> };
    for (let n = 0; n < 40; n++)
      changed.Resources[`Extra${n}`] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: `extra-${n}` } };
    await cloudformation.send(
      new UpdateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(changed) }),
    );
    await kill();
    await start();
    const again = new CloudFormationClient(client());
    const { Stacks } = await again.send(new DescribeStacksCommand({ StackName: 'probe' }));
    expect(Stacks?.[0]?.StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    await again.send(new UpdateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(changed) }));
    await waitUntilStackUpdateComplete(
      { client: again, minDelay: 1, maxDelay: 1, maxWaitTime: 30 },
      { StackName: 'probe' },
    );
    await queueUrl('extra-39');
  });

  it('that cut the last write in two loses that write alone, and the log says so', async () => {
    await put('before the cut');
    await kill();
    const folder = join(places.state, 'ministack', 'journal');
    const last =
      readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .sort()
        .at(-1) ?? expect.fail('no journal');
    appendFileSync(join(folder, last), Buffer.from([200, 1, 0, 0, 9, 9, 9, 9, 91, 91]));
    await start();
    expect(await ids()).toContain('before the cut');
    expect(readFileSync(join(places.logs, 'ministack.log'), 'utf8')).toContain(
      'The last write was not finished: 10 bytes',
    );
  });
});
