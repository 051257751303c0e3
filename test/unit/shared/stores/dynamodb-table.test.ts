import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { dynamoDbTable } from '../../../../lambdas/shared/stores/dynamodb-table.ts';
import { ConditionFailed } from '../../../../lambdas/shared/stores/table.ts';

/** How long to wait between attempts is not what is looked at here. */
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const documents = mockClient(DynamoDBDocumentClient);
const table = dynamoDbTable('T', new DynamoDBClient({ region: 'eu-central-1' }));
const key = { pk: 'P', sk: 'S' };
const meta = { $metadata: {}, message: 'no' };
const absent = [{ attribute: 'pk', is: 'absent' }] as const;
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...meta, CancellationReasons: codes.map((Code) => ({ Code })) });

beforeEach(() => {
  documents.reset();
});

describe('writes', () => {
  test('put, update and delete without a condition become plain commands', async () => {
    documents.on(PutCommand).resolves({}).on(UpdateCommand).resolves({}).on(DeleteCommand).resolves({});
    await table.write({ put: { ...key, a: 1 } });
    await table.write({ update: key, set: { a: 1 } });
    await table.write({ delete: key });
    expect(documents.calls().map(({ args }) => args[0].input as unknown)).toEqual([
      { TableName: 'T', Item: { ...key, a: 1 } },
      {
        TableName: 'T',
        Key: key,
        UpdateExpression: 'SET #n0 = :v0',
        ExpressionAttributeNames: { '#n0': 'a' },
        ExpressionAttributeValues: { ':v0': 1 },
      },
      { TableName: 'T', Key: key },
    ]);
  });

  test('conditions and additions use placeholders for names and values', async () => {
    documents.on(TransactWriteCommand).resolves({});
    await table.write({ put: { ...key, a: 1 }, when: absent });
    await table.write({
      update: key,
      set: { status: 'x', gone: undefined },
      setOnce: { user: 'u' },
      add: { count: 2 },
      remove: ['ttl'],
      when: [
        { attribute: 'status', is: 'one_of', values: ['a', 'b'] },
        { attribute: 'count', is: 'at_least', value: 3 },
        { attribute: 'count', is: 'at_most', value: 9 },
        { attribute: 'count', is: 'absent_or_at_most', value: 7 },
        { attribute: 'x', is: 'present' },
      ],
    });
    await table.write({ delete: key, when: [{ attribute: 'a', is: 'equal', value: true }] });
    const steps = documents
      .commandCalls(TransactWriteCommand)
      .flatMap(({ args }) => args[0].input.TransactItems ?? []);
    expect(steps[0]).toEqual({
      Put: {
        TableName: 'T',
        Item: { ...key, a: 1 },
        ConditionExpression: 'attribute_not_exists(#n0)',
        ExpressionAttributeNames: { '#n0': 'pk' },
      },
    });
    expect(steps[1]).toEqual({
      Update: {
        TableName: 'T',
        Key: key,
        UpdateExpression: 'SET #n0 = :v0, #n1 = if_not_exists(#n1, :v1) ADD #n2 :v2 REMOVE #n3',
        ConditionExpression:
          '#n0 IN (:v3, :v4) AND #n2 >= :v5 AND #n2 <= :v6 AND (attribute_not_exists(#n2) OR #n2 <= :v7) AND attribute_exists(#n4)',
        ExpressionAttributeNames: {
          '#n0': 'status',
          '#n1': 'user',
          '#n2': 'count',
          '#n3': 'ttl',
          '#n4': 'x',
        },
        ExpressionAttributeValues: {
          ':v0': 'x',
          ':v1': 'u',
          ':v2': 2,
          ':v3': 'a',
          ':v4': 'b',
          ':v5': 3,
          ':v6': 9,
          ':v7': 7,
        },
      },
    });
    expect(steps[2]).toMatchObject({ Delete: { Key: key, ConditionExpression: '#n0 = :v0' } });
  });

  test('repeatable ones are single commands with their condition, not transactions', async () => {
    documents.on(PutCommand).resolves({}).on(UpdateCommand).resolves({}).on(DeleteCommand).resolves({});
    await table.writeRepeatable({ put: key, when: absent });
    await table.writeRepeatable({ update: key, set: { a: 1 }, when: absent });
    await table.writeRepeatable({ delete: key, when: absent });
    expect(documents.commandCalls(TransactWriteCommand)).toEqual([]);
    const ConditionExpression = expect.stringMatching(/^attribute_not_exists\(#n\d\)$/) as unknown;
    expect(documents.calls().map(({ args }) => args[0].input as unknown)).toMatchObject([
      { ConditionExpression },
      { ConditionExpression },
      { ConditionExpression },
    ]);
  });

  test('a repeatable one is sent again after a conflict; its failed condition has its own error', async () => {
    documents.on(UpdateCommand).rejectsOnce(new TransactionConflictException(meta)).resolves({});
    await table.writeRepeatable({ update: key, set: { a: 1 }, when: absent });
    expect(documents.commandCalls(UpdateCommand)).toHaveLength(2);
    documents.on(UpdateCommand).rejects(new ConditionalCheckFailedException(meta));
    await expect(table.writeRepeatable({ update: key, set: { a: 1 }, when: absent })).rejects.toEqual(
      new ConditionFailed([0]),
    );
  });

  test('a failed condition has its own error; other errors are passed on', async () => {
    documents.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed'));
    await expect(table.write({ put: key, when: absent })).rejects.toEqual(new ConditionFailed([0]));
    documents.on(PutCommand).rejects(new Error('no network'));
    await expect(table.write({ put: key })).rejects.toThrow('no network');
  });
});

describe('transactions', () => {
  const steps = [
    { put: key, when: absent },
    { update: { ...key, sk: 'B' }, add: { n: 1 } },
    { delete: { ...key, sk: 'C' } },
    { check: { ...key, sk: 'D' }, when: absent },
  ];

  test('contain every kind of step', async () => {
    documents.on(TransactWriteCommand).resolves({});
    await table.transact(steps);
    const { TransactItems = [] } = documents.commandCalls(TransactWriteCommand)[0]!.args[0].input;
    expect(TransactItems.map((item) => Object.keys(item)[0])).toEqual([
      'Put',
      'Update',
      'Delete',
      'ConditionCheck',
    ]);
  });

  test('name the steps whose condition failed', async () => {
    documents
      .on(TransactWriteCommand)
      .rejects(cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict', 'ConditionalCheckFailed'));
    await expect(table.transact(steps)).rejects.toEqual(new ConditionFailed([1, 3]));
  });

  test('are retried during a concurrent one, a limited number of times', async () => {
    documents
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled('None', 'TransactionConflict'))
      .rejectsOnce(cancelled('TransactionConflict', 'None'))
      .resolves({});
    await table.transact(steps);
    expect(documents.commandCalls(TransactWriteCommand)).toHaveLength(3);
    documents.on(TransactWriteCommand).rejects(cancelled('TransactionConflict'));
    await expect(table.transact(steps)).rejects.toBeInstanceOf(TransactionCanceledException);
  });
});

describe('reads', () => {
  test('return one item, consistently if requested', async () => {
    documents.on(GetCommand).resolves({ Item: { ...key } });
    expect(await table.get(key, { consistent: true })).toEqual(key);
    expect(documents.call(0).args[0].input).toEqual({ TableName: 'T', Key: key, ConsistentRead: true });
  });

  test('return many items in the requested order, in batches of a hundred, with retries of unprocessed keys', async () => {
    const keys = Array.from({ length: 150 }, (_, i) => ({ pk: 'P', sk: String(i) }));
    let held = true;
    documents
      .on(BatchGetCommand)
      .callsFake(({ RequestItems }: { RequestItems: { T: { Keys: typeof keys } } }) => {
        const asked = RequestItems.T.Keys;
        const [first, ...rest] = asked;
        if (!held) return { Responses: { T: asked } };
        held = false;
        return { Responses: { T: rest.reverse() }, UnprocessedKeys: { T: { Keys: [first] } } };
      });
    const extra = { ...keys[3]!, indexed: 'by' };
    expect(await table.getMany([...keys, extra])).toEqual([...keys, keys[3]]);
    expect(
      documents.commandCalls(BatchGetCommand).map((c) => c.args[0].input.RequestItems?.['T']?.Keys?.length),
    ).toEqual([100, 1, 50]);
  });

  test.each([
    [{ pk: 'P', limit: 5 }, '#pk = :pk', {}],
    [{ pk: 'P', limit: 5, prefix: 'A' }, '#pk = :pk AND begins_with(#sk, :prefix)', { ':prefix': 'A' }],
    [{ pk: 'P', limit: 5, before: 'B' }, '#pk = :pk AND #sk < :before', { ':before': 'B' }],
    [{ pk: 'P', limit: 5, upTo: 'C' }, '#pk = :pk AND #sk <= :upTo', { ':upTo': 'C' }],
  ])('return a query %j', async (query, condition, values) => {
    documents.on(QueryCommand).resolves({ Items: [key] });
    expect(await table.query({ ...query, newestFirst: true })).toEqual([key]);
    expect(documents.call(0).args[0].input).toMatchObject({
      KeyConditionExpression: condition,
      ExpressionAttributeValues: { ':pk': 'P', ...values },
      ScanIndexForward: false,
      Limit: 5,
      ConsistentRead: false,
    });
  });

  test('combine an upper bound and a prefix into one range that excludes the bound', async () => {
    const items = ['A#3', 'A#2', 'A#1'].map((sk) => ({ pk: 'P', sk }));
    documents.on(QueryCommand).resolves({ Items: items });
    const query = { pk: 'P', prefix: 'A#', before: 'A#3', newestFirst: true, limit: 2 };
    expect(await table.query(query)).toEqual(items.slice(1));
    expect(documents.call(0).args[0].input).toMatchObject({
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :prefix AND :before',
      ExpressionAttributeValues: { ':pk': 'P', ':prefix': 'A#', ':before': 'A#3' },
      Limit: 3,
    });
    expect(await table.query({ ...query, before: 'A' })).toEqual([]);
    expect(documents.calls()).toHaveLength(1);
  });

  test('use the keys of an index', async () => {
    documents.on(QueryCommand).resolves({});
    expect(await table.query({ index: 'owner', pk: 'U', upTo: 'x', limit: 1 })).toEqual([]);
    expect(documents.call(0).args[0].input).toMatchObject({
      IndexName: 'gsi1',
      ExpressionAttributeNames: { '#pk': 'gsi1pk', '#sk': 'gsi1sk' },
    });
  });
});
