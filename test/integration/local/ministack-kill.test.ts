/** What a killed MiniStack keeps. */
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateStackCommand,
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
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Probe } from './probe.ts';
import { probeTemplate } from './probe-stack.ts';

let probe: Probe;
beforeAll(async () => {
  probe = await Probe.deployed();
});
afterAll(() => probe.remove());

describe('a kill', () => {
  it('under load loses no acknowledged write and leaves no partial transaction', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const dynamodb = new DynamoDBClient({ ...probe.client(), maxAttempts: 1 });
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
      await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(20 * (round + 1)), 60_000);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      await probe.kill();
      stopped = true;
      await Promise.all(writers);
      await probe.start();
      const kept = new Set(await probe.ids());
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
      const halves = [...kept].filter((id) => id.endsWith('-left') !== kept.has(id.replace('left', 'right')));
      expect(halves.filter((id) => id.endsWith('-left'))).toEqual([]);
    }
    // And each of them reaches the consumer of the stream, or had reached it.
    for (const id of acknowledged.slice(-20)) await probe.untilSeen(`stream ${id}`, 30_000);
    await probe.put('after the kills');
    await probe.untilSeen('stream after the kills');
  });

  it('keeps waiting, delayed and in-flight messages', async () => {
    const sqs = new SQSClient(probe.client());
    const QueueUrl = await probe.queueUrl('kept');
    await probe.send('kept', 'in flight');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
    await probe.send('kept', 'waiting');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
    await probe.send('kept', 'done with');
    const done = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle, Body } of done.Messages ?? [])
      if (Body === 'done with') await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      else
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await probe.kill();
    await probe.start();
    const { Attributes } = await new SQSClient(probe.client()).send(
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

  it('keeps an object and delivers its event', async () => {
    const s3 = new S3Client({ ...probe.client(), forcePathStyle: true });
    for (const n of [1, 2, 3]) {
      const Body = `content ${n}`;
      await s3.send(new PutObjectCommand({ Bucket: 'kept', Key: `object ${n}`, Body }));
      await probe.kill();
      await probe.start();
      const object = await s3.send(new GetObjectCommand({ Bucket: 'kept', Key: `object ${n}` }));
      expect(await object.Body?.transformToString()).toBe(Body);
      await vi.waitFor(() => {
        expect(
          probe.seen().filter((line) => line.includes(`object+${n}`) || line.includes(`object ${n}`)),
        ).not.toEqual([]);
      }, 30_000);
    }
  });

  it('keeps an account, its changed password and group, and the end of a session', async () => {
    const cognito = new CognitoIdentityProviderClient(probe.client());
    const { UserPoolId, ClientId } = await probe.outputs();
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
    await probe.kill();
    await probe.start();
    await expect(signIn('First-password-1')).rejects.toThrow('Incorrect username or password');
    await signIn('Second-password-2');
    expect((await refresh(kept)).AuthenticationResult?.IdToken).toBeTruthy();
    await expect(refresh(ended)).rejects.toThrow();
    const groups = await cognito.send(new AdminListGroupsForUserCommand(user));
    expect(groups.Groups?.map(({ GroupName }) => GroupName)).toEqual(['buyer']);
    const members = await cognito.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: 'buyer' }));
    expect(members.Users).toHaveLength(1);
  });

  it('fails a running execution and emits its event', async () => {
    const states = new SFNClient(probe.client());
    const { Machine } = await probe.outputs();
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: Machine }));
    await probe.kill();
    await probe.start();
    const { status } = await new SFNClient(probe.client()).send(
      new DescribeExecutionCommand({ executionArn }),
    );
    expect(status).toBe('FAILED');
    await vi.waitFor(() => {
      expect(
        probe.seen().filter((line) => line.includes(executionArn ?? '') && line.includes('FAILED')),
      ).toHaveLength(1);
    }, 30_000);
  });

  it('during a stack update leaves a complete stack that can be updated again', async () => {
    const cloudformation = new CloudFormationClient({ ...probe.client(), maxAttempts: 1 });
    const changed = probeTemplate(probe.folder);
    for (let n = 0; n < 40; n++)
      changed.Resources[`Extra${n}`] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: `extra-${n}` } };
    await cloudformation.send(
      new UpdateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(changed) }),
    );
    await probe.kill();
    await probe.start();
    const again = new CloudFormationClient(probe.client());
    const { Stacks } = await again.send(new DescribeStacksCommand({ StackName: 'probe' }));
    expect(Stacks?.[0]?.StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
    await again.send(new UpdateStackCommand({ StackName: 'probe', TemplateBody: JSON.stringify(changed) }));
    await waitUntilStackUpdateComplete(
      { client: again, minDelay: 1, maxDelay: 1, maxWaitTime: 120 },
      { StackName: 'probe' },
    );
    await probe.queueUrl('extra-39');
  });

  it('that truncates the last record of the journal loses only this record, and logs it', async () => {
    await probe.put('before the cut');
    await probe.kill();
    const folder = join(probe.places.state, 'ministack', 'journal');
    const last =
      readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .sort()
        .at(-1) ?? expect.fail('no journal');
    appendFileSync(join(folder, last), Buffer.from([200, 1, 0, 0, 9, 9, 9, 9, 91, 91]));
    await probe.start();
    expect(await probe.ids()).toContain('before the cut');
    expect(readFileSync(join(probe.places.logs, 'ministack.log'), 'utf8')).toContain(
      'The last write was not finished: 10 bytes',
    );
  });
});
