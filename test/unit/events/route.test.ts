import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { eventBridgePublisher } from '../../../lambdas/events/publisher.ts';
import { route } from '../../../lambdas/events/route.ts';
import type { Unrouted } from '../../../lambdas/events/route.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { changeRecord as record, taskItem } from '../support/stream-records.ts';

/** How long to wait between attempts is not what is looked at here. */
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const taskId = newId();
const buyer = newId();
const task = (overrides: object = {}) => taskItem({ id: taskId, buyer_id: buyer, ...overrides });

describe('from the stream to the bus', () => {
  const bus = mockClient(EventBridgeClient);
  const publish = eventBridgePublisher('bus', new EventBridgeClient({ region: 'eu-central-1' }));
  const stream = (records: DynamoDBRecord[]): DynamoDBStreamEvent => ({ Records: records });
  const starts = (n: number) => Array.from({ length: n }, () => record(task({ status: 'assigned' }), task()));
  const taken = () => bus.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries?.length);

  let errors: MockInstance;
  let aside: Unrouted[];
  const setAside = async (unrouted: readonly Unrouted[]) => {
    aside.push(...unrouted);
  };

  beforeEach(() => {
    aside = [];
    bus.reset();
    errors = vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  });

  test('are sent in batches of ten, with names and no content', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
    expect(await route(publish, setAside, stream(starts(23)))).toEqual({ batchItemFailures: [] });
    expect(taken()).toEqual([10, 10, 3]);
    const entry = bus.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0];
    expect(entry).toEqual({
      EventBusName: 'bus',
      Source: 'dukenet',
      DetailType: 'task.updated',
      Detail: JSON.stringify({
        task_id: taskId,
        buyer_id: buyer,
        assigned_agent_id: 'duke-mm',
        status: 'executing',
        settlement: 'held',
      }),
    });
  });

  test('makes no call without events', async () => {
    await route(publish, setAside, stream([record(task(), task())]));
    expect(taken()).toEqual([]);
  });

  test('sends only the rejected entries again', async () => {
    bus
      .on(PutEventsCommand)
      .resolvesOnce({ FailedEntryCount: 1, Entries: [{}, { ErrorCode: 'ThrottlingException' }, {}] })
      .resolves({ FailedEntryCount: 0, Entries: [{}] });
    expect(await route(publish, setAside, stream(starts(3)))).toEqual({ batchItemFailures: [] });
    expect(taken()).toEqual([3, 1]);
  });

  test('sets aside an entry that the bus always rejects, and sends the others', async () => {
    bus
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{}, { ErrorCode: 'MalformedDetail' }, {}] });
    const records = starts(3);
    expect(await route(publish, setAside, stream(records))).toEqual({ batchItemFailures: [] });
    expect(aside.map(({ sequence }) => sequence)).toEqual([records[1]?.dynamodb?.SequenceNumber]);
    expect(taken()).toEqual([3]);
  });

  test('an unavailable bus blocks the stream, so that no event is lost', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
    await expect(route(publish, setAside, stream(starts(1)))).rejects.toThrow('did not take 1 events');
    bus.on(PutEventsCommand).rejects(new Error('no route to host'));
    await expect(route(publish, setAside, stream(starts(1)))).rejects.toThrow('no route to host');
  });

  test('of a thousand records with ten poison ones, sends 990 and sets 10 aside without a retry', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
    const records = Array.from({ length: 1000 }, (_, i) =>
      i % 100 === 50
        ? record(task({ status: 'assigned' }), task({ buyer_id: 'nobody' }))
        : record(task({ status: 'assigned' }), task()),
    );
    expect(await route(publish, setAside, stream(records))).toEqual({ batchItemFailures: [] });
    expect(aside.map(({ sequence }) => sequence)).toEqual(
      records.filter((_, i) => i % 100 === 50).map((r) => r.dynamodb?.SequenceNumber),
    );
    expect(taken().reduce((sum, n) => sum! + n!, 0)).toBe(990);
    expect(errors).toHaveBeenCalledTimes(10);
  });

  test('leaves records that cannot be set aside to the retries of the stream', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
    const records = [record(task({ status: 'assigned' }), task({ buyer_id: 'nobody' })), ...starts(1)];
    const down = async () => Promise.reject(new Error('SQS is away'));
    expect(await route(publish, down, stream(records))).toEqual({
      batchItemFailures: [{ itemIdentifier: records[0]?.dynamodb?.SequenceNumber }],
    });
    expect(taken()).toEqual([1]);
  });
});
