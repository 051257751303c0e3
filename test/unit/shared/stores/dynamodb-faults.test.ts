import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { dynamoDbTable } from '../../../../lambdas/shared/stores/dynamodb-table.ts';
import { ConditionFailed } from '../../../../lambdas/shared/stores/table.ts';
import type { Write } from '../../../../lambdas/shared/stores/table.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

interface Call {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** Answers of DynamoDB by HTTP: an object, or an error's name with its fields; `lost` for one that never arrives. */
type Reply = object | { readonly error: string } | 'lost';

const key = { pk: 'P', sk: 'S' };
const absent = [{ attribute: 'pk', is: 'absent' }] as const;
const cancelled = (...codes: string[]) => ({
  error: 'TransactionCanceledException',
  CancellationReasons: codes.map((Code) => ({ Code })),
});

const calls: Call[] = [];
let replies: Reply[] = [];

/** The client as the functions have it, over a scripted network. */
const client = new DynamoDBClient({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  retryMode: 'standard',
  requestHandler: {
    handle: async (request: { headers: Record<string, string>; body: string }) => {
      const operation = request.headers['x-amz-target']!.split('.')[1]!;
      calls.push({ operation, body: JSON.parse(request.body) as Call['body'] });
      const reply = replies.shift() ?? {};
      if (reply === 'lost') throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      const { error, ...rest } = reply as { error?: string };
      const body = JSON.stringify(error === undefined ? rest : { __type: `com.amazonaws#${error}`, ...rest });
      return {
        response: {
          statusCode: error === undefined ? 200 : 400,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: new Response(body).body,
        },
      };
    },
  },
});
const table = dynamoDbTable('T', client);

beforeEach(() => {
  calls.length = 0;
  replies = [];
});

const CONDITIONAL: readonly (readonly [string, Write])[] = [
  ['put', { put: { ...key, a: 1 }, when: absent }],
  ['update', { update: key, set: { a: 1 }, when: [{ attribute: 'a', is: 'equal', value: 0 }] }],
  ['delete', { delete: key, when: [{ attribute: 'a', is: 'equal', value: 1 }] }],
  ['update that adds', { update: key, add: { n: 1 } }],
];

describe('a lost response', () => {
  // Without a token, the repetition finds the condition broken by the write itself, or adds twice.
  test.each(CONDITIONAL)(
    'to a conditional %s is requested again with the same token',
    async (_name, step) => {
      replies = ['lost', {}];
      await table.write(step);
      expect(calls.map(({ operation }) => operation)).toEqual(['TransactWriteItems', 'TransactWriteItems']);
      const tokens = calls.map(({ body }) => body['ClientRequestToken']);
      expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
      expect(tokens[1]).toBe(tokens[0]);
    },
  );

  test('to a transaction is requested again with the same token', async () => {
    replies = ['lost', {}];
    await table.transact([{ put: key, when: absent }]);
    expect(new Set(calls.map(({ body }) => body['ClientRequestToken'])).size).toBe(1);
    expect(calls).toHaveLength(2);
  });

  test('to an unconditional write is followed by the same write', async () => {
    replies = ['lost', {}];
    await table.write({ put: key });
    expect(calls.map(({ operation }) => operation)).toEqual(['PutItem', 'PutItem']);
  });
});

describe('a conflict with a transaction on the same item', () => {
  test.each(CONDITIONAL)('delays a conditional %s', async (_name, step) => {
    replies = [cancelled('TransactionConflict'), cancelled('TransactionConflict'), {}];
    await table.write(step);
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ body }) => body['ClientRequestToken'])).size).toBe(3);
  });

  test.each<[string, Write]>([
    ['put', { put: key }],
    ['update', { update: key, set: { a: 1 } }],
    ['delete', { delete: key }],
  ])('delays an unconditional %s', async (_name, step) => {
    replies = [{ error: 'TransactionConflictException' }, {}];
    await table.write(step);
    expect(calls).toHaveLength(2);
  });

  test('that does not end is an error', async () => {
    replies = Array.from({ length: 20 }, () => cancelled('TransactionConflict'));
    await expect(table.write({ put: key, when: absent })).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
    expect(calls).toHaveLength(8);
  });
});

describe('throttling', () => {
  test.each(['ThrottlingException', 'ProvisionedThroughputExceededException'])(
    'by %s is retried',
    async (error) => {
      replies = [{ error }, {}];
      await table.write({ put: key });
      replies = [{ error }, { Item: { pk: { S: 'P' } } }];
      expect(await table.get(key)).toEqual({ pk: 'P' });
    },
  );

  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'of one step (%s) delays the transaction',
    async (code) => {
      replies = [cancelled('None', code), {}];
      await table.transact([{ put: key }, { delete: { ...key, sk: 'B' } }]);
      expect(calls).toHaveLength(2);
    },
  );
});

test('a failed condition is final, whatever else failed', async () => {
  replies = [cancelled('ConditionalCheckFailed')];
  await expect(table.write({ put: key, when: absent })).rejects.toEqual(new ConditionFailed([0]));
  replies = [cancelled('TransactionConflict', 'ConditionalCheckFailed')];
  await expect(table.transact([{ put: key }, { check: { ...key, sk: 'B' }, when: absent }])).rejects.toEqual(
    new ConditionFailed([1]),
  );
  expect(calls).toHaveLength(2);
});
