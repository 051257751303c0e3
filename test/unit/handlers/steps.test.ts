import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test, vi } from 'vitest';
import { allShards, indexKeys, keys } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { stubHandlers } from '../support/stub-handlers.ts';
import { handlerNamed, loaded } from '../support/load-handler.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const documents = mockClient(DynamoDBDocumentClient);
const executions = mockClient(SFNClient);
const bus = mockClient(EventBridgeClient);
const run = newId();

stubHandlers([documents, executions, bus]);

const call = async (name: string, event: unknown): Promise<unknown> =>
  (await loaded(handlerNamed(name)))(event, {});
const keysRead = (): (readonly [string | undefined, unknown])[] =>
  documents
    .commandCalls(GetCommand)
    .map(({ args: [{ input }] }) => [input.TableName, input.Key?.['pk'] as unknown] as const);

const STEPS = ['prepare', 'train', 'evaluate', 'register', 'gate', 'warm', 'promote'];

describe.each(STEPS.map((step) => `learning/${step}`))('%s', (name) => {
  test('reads the run of its input, and fails if there is none', async () => {
    await expect(call(name, { run_id: run })).rejects.toThrow(run);
    expect(keysRead()).toContainEqual(['table', keys.run(run).pk]);
  });

  test.each([{}, { run_id: 7 }, null, 'x'])('fails for the input %j before any call', async (input) => {
    await expect(call(name, input)).rejects.toMatchObject({ name: 'ZodError' });
    expect(documents.calls()).toEqual([]);
  });

  test('fails while the table does not answer, so that the state machine retries it', async () => {
    documents.onAnyCommand().rejects(new Error('the table does not answer'));
    await expect(call(name, { run_id: run })).rejects.toThrow('the table does not answer');
  });
});

test('learning/begin fails for a run that does not hold the lock', async () => {
  await expect(call('learning/begin', { run_id: run })).rejects.toThrow('does not hold the lock');
  expect(keysRead()).toContainEqual(['table', keys.trainingLock().pk]);
});

test('learning/conclude ends nothing if the run does not exist, and reads the lock to release it', async () => {
  await expect(call('learning/conclude', { run_id: run, outcome: 'promoted' })).resolves.toBeUndefined();
  expect(keysRead()).toEqual(
    expect.arrayContaining([
      ['table', keys.run(run).pk],
      ['table', keys.trainingLock().pk],
    ]),
  );
  await expect(call('learning/conclude', { run_id: run, outcome: 'lost' })).rejects.toMatchObject({
    name: 'ZodError',
  });
});

test('learning/reconcile does nothing while no run holds the lock, whatever triggered it', async () => {
  await expect(call('learning/reconcile', { anything: true })).resolves.toBeUndefined();
  expect(keysRead()).toEqual([['table', keys.trainingLock().pk]]);
  expect(executions.calls()).toEqual([]);
});

test('learning/nightly stores the trigger of its day, once', async () => {
  await call('learning/nightly', {});
  const today = new Date().toISOString().slice(0, 10);
  const writes = documents
    .commandCalls(TransactWriteCommand)
    .flatMap(({ args: [{ input }] }) => input.TransactItems ?? []);
  expect(writes.map(({ Put }) => Put)).toMatchObject([
    {
      TableName: 'table',
      Item: keys.trigger(`schedule-${today}`),
      ConditionExpression: 'attribute_not_exists(#n0)',
    },
  ]);
});

test('files/expire reads every shard of pending uploads', async () => {
  await call('files/expire', {});
  const partitions = documents
    .commandCalls(QueryCommand)
    .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':pk'] as unknown);
  expect(partitions).toEqual(allShards().map((shard) => indexKeys.pendingFile(shard, '', '').pk));
});

describe('events/route', () => {
  const task = {
    ...keys.task(run),
    entity: 'task',
    id: run,
    buyer_id: newId(),
    assigned_agent_id: 'duke-mm',
  };
  const change = {
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: '7',
      NewImage: marshall({ ...task, status: 'created', settlement: 'held' }),
    },
  };

  test('publishes events on the bus of its stage', async () => {
    await expect(call('events/route', { Records: [change] })).resolves.toEqual({ batchItemFailures: [] });
    const entries = bus.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);
    expect(entries).toContainEqual(
      expect.objectContaining({ EventBusName: 'bus', DetailType: 'task.created' }),
    );
  });

  test('fails while the bus does not answer, so that the stream keeps its position', async () => {
    bus.onAnyCommand().rejects(new Error('the bus does not answer'));
    await expect(call('events/route', { Records: [change] })).rejects.toThrow('the bus does not answer');
  });
});
