import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { eventsOf } from '../../../lambdas/events/events-of.ts';
import { eventBridgePublisher } from '../../../lambdas/events/publisher.ts';
import { route } from '../../../lambdas/events/route.ts';
import type { Unrouted } from '../../../lambdas/events/route.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';

/** How long to wait between attempts is not what is looked at here. */
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const taskId = newId();
const buyer = newId();
const task = (overrides: object = {}) => ({
  ...{ pk: `TASK#${taskId}`, sk: 'TASK', entity: 'task', id: taskId },
  buyer_id: buyer,
  description: 'secret',
  assigned_agent: 'duke-mm',
  assigned_agent_id: 'duke-mm',
  status: 'executing',
  settlement: 'held',
  chunks_left: 1,
  ...overrides,
});
let sequence = 0;
function record(before: object | undefined, after: object | undefined): DynamoDBRecord {
  const image = (item: object | undefined) => item && marshall(item);
  return {
    eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
    dynamodb: {
      SequenceNumber: String(++sequence),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
    },
  } as DynamoDBRecord;
}

describe('the events of a change', () => {
  const created = task({ status: 'created', chunks_left: undefined });
  const updated = (status: string, settlement: string) => ({
    type: 'task.updated',
    detail: { task_id: taskId, buyer_id: buyer, assigned_agent_id: 'duke-mm', status, settlement },
  });
  const done = { type: 'task.chunks_done', detail: { task_id: taskId } };
  const withdrawal = { type: 'task.training_withdrawn', detail: { task_id: taskId } };
  const strip = (item: object) => JSON.parse(JSON.stringify(item)) as object;

  test.each([
    [
      'a new task',
      undefined,
      created,
      [{ type: 'task.created', detail: { task_id: taskId, assigned_agent_id: 'duke-mm' } }],
    ],
    ['the start', task({ status: 'assigned' }), task(), [updated('executing', 'held')]],
    ['a chunk of many', task({ chunks_left: 2 }), task(), []],
    ['the last chunk', task(), task({ chunks_left: 0 }), [done]],
    ['a write after the last chunk', task({ chunks_left: 0 }), task({ chunks_left: 0, x: 1 }), []],
    [
      'the last chunk and the start in one',
      task({ status: 'assigned' }),
      task({ chunks_left: 0 }),
      [updated('executing', 'held'), done],
    ],
    [
      'the end',
      task({ chunks_left: 0 }),
      task({ chunks_left: 0, status: 'completed' }),
      [updated('completed', 'held')],
    ],
    [
      'the settlement',
      task({ status: 'completed' }),
      task({ status: 'completed', settlement: 'split' }),
      [updated('completed', 'split')],
    ],
    ['a withdrawal', task({ allow_training: true }), task({ allow_training: false }), [withdrawal]],
    ['a removal', task(), undefined, []],
    ['another kind of item', undefined, { pk: 'FILE#1', sk: 'FILE', entity: 'file', id: newId() }, []],
  ])('%s', (_, before, after, events) => {
    expect(eventsOf(record(before && strip(before), after && strip(after)))).toEqual(events);
  });

  describe('the event for an agent with a new task', () => {
    const agent = newId();
    const at = '2026-03-01T12:00:00.000Z';
    const given = (overrides: object) =>
      task({
        assigned_agent_id: agent,
        kind: 'classification',
        item_count: 2,
        price_satoshis: 120_000,
        assigned_at: at,
        deadline_at: at,
        status: 'assigned',
        ...overrides,
      });
    const told = (before: object | undefined, after: object) =>
      eventsOf(record(before, after)).filter(({ type }) => type === 'agent.assigned');

    test('is sent once its items are ready, with the fields for a message and no content', () => {
      const [event] = told(given({ status: 'created', assigned_at: 'none' }), given({}));
      expect(event?.detail).toEqual({
        agent_id: agent,
        task_id: taskId,
        attempt: 1,
        kind: 'classification',
        item_count: 2,
        price_satoshis: 120_000,
        assigned_at: at,
        deadline_at: at,
      });
    });

    test.each([
      ['one that moved to it', given({ status: 'executing' }), given({ attempt: 2 }), 1],
      [
        'one that moved before it was ready',
        given({ status: 'created' }),
        given({ status: 'created', attempt: 2 }),
        0,
      ],
      ['one that it starts', given({}), given({ status: 'executing' }), 0],
      ['one that changes otherwise', given({}), given({ updated_at: at }), 0],
      ['one of Duke MM', given({ status: 'created' }), given({ assigned_agent_id: 'duke-mm' }), 0],
    ])('%s', (_, before, after, count) => {
      expect(told(before, after)).toHaveLength(count);
    });
  });

  test.each([
    ['disabled', { is_active: true }, { is_active: false }, true],
    ['enabled', { is_active: false }, { is_active: true }, true],
    ['made a buyer', {}, { user_type: 'buyer' }, true],
    ['renamed', { full_name: 'A' }, { full_name: 'B' }, false],
    ['a disabled buyer', { user_type: 'buyer' }, { user_type: 'buyer', is_active: false }, false],
    ['registered', undefined, {}, false],
  ])('an agent that is %s', (_, before, after, news) => {
    const id = newId();
    const user = (fields: object) => ({ entity: 'user', id, user_type: 'agent', is_active: true, ...fields });
    expect(eventsOf(record(before && user(before), user(after)))).toEqual(
      news ? [{ type: 'agent.account_changed', detail: { agent_id: id } }] : [],
    );
  });

  test.each([
    ['pending', 'accepted', true],
    ['pending', 'auto_accepted', true],
    ['pending', 'pending', false],
    ['rejected', 'rejected', false],
  ])('a verdict from %s to %s: %s', (before, after, news) => {
    const id = newId();
    const result = (verdict: string) => ({
      entity: 'result',
      id,
      task_id: taskId,
      verdict,
      result_text: 'secret',
    });
    expect(eventsOf(record(before === undefined ? undefined : result(before), result(after)))).toEqual(
      news ? [{ type: 'result.judged', detail: { task_id: taskId, result_id: id, verdict: after } }] : [],
    );
  });
});

describe('events for live readers', () => {
  const agent = newId();

  test('a reassigned task is reported to its buyer and to the new agent', () => {
    const timed = { deadline_at: '2026-03-02T09:30:00.000Z', assigned_at: '2026-03-01T09:30:00.000Z' };
    const before = task({ status: 'assigned', assigned_agent_id: newId() });
    const moved = task({
      ...{ status: 'assigned', assigned_agent_id: agent, attempt: 2, ...timed },
      ...{ kind: 'classification', item_count: 1, price_satoshis: 1 },
    });
    const events = eventsOf(record(before, moved));
    expect(events.map(({ type }) => type)).toEqual(['task.created', 'agent.assigned', 'task.updated']);
    expect(events[2]?.detail).toMatchObject({ buyer_id: buyer, assigned_agent_id: agent });
  });

  test('a new result and a changed wallet are reported', () => {
    const id = newId();
    const result = {
      ...{ entity: 'result', id, task_id: taskId, buyer_id: buyer, agent_id: agent },
      ...{ verdict: 'pending', result_text: 'secret' },
    };
    expect(eventsOf(record(undefined, result))).toEqual([
      {
        type: 'result.created',
        detail: { task_id: taskId, result_id: id, buyer_id: buyer, agent_id: agent },
      },
    ]);
    const wallet = { entity: 'wallet', user_id: buyer, balance_satoshis: 1 };
    expect(eventsOf(record(wallet, { ...wallet, balance_satoshis: 2 }))).toEqual([
      { type: 'wallet.updated', detail: { user_id: buyer } },
    ]);
  });
});

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
