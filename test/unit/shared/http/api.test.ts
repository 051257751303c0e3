import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { Problem } from '../../../../contracts/api/openapi.ts';
import { BASE_PATH, routeKey } from '../../../../contracts/api/operation.ts';
import { allOperations } from '../../../../contracts/api/routes.ts';
import { walletOperations } from '../../../../contracts/api/wallet.ts';
import type { UserRole } from '../../../../contracts/entities/common.ts';
import { DukeError } from '../../../../contracts/errors.ts';
import { createApi } from '../../../../lambdas/shared/http/api.ts';
import type { Handlers } from '../../../../lambdas/shared/http/api.ts';
import { sealedCursors } from '../../../../lambdas/shared/http/cursors.ts';
import type { Remember } from '../../../../lambdas/shared/http/idempotency.ts';
import { canonicalJson, newId } from '../../../../lambdas/shared/ids.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';

const context = {} as Context;
const entry = {
  id: 'e',
  movement_id: 'm',
  kind: 'deposit' as const,
  account: 'available' as const,
  amount_satoshis: 5,
  created_at: '2026-03-01T00:00:00.000Z',
};
const wallet = { balance_satoshis: 0, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' };
let calls: { input: unknown; newId: string; scope: string }[];
let fail: Error | undefined;
let errors: MockInstance;
const answering =
  (value: unknown) =>
  async (input: unknown, { newId, scope }: { newId: string; scope: string }) => {
    calls.push({ input, newId, scope });
    if (fail) throw fail;
    return value;
  };
const handlers = {
  getWallet: answering({ ...wallet }),
  listEntries: answering({ items: [entry], next_cursor: null }),
  deposit: answering({ ...wallet, extra: 'must not leave' }),
  withdraw: answering({ ...wallet }),
  creditWallet: answering({ ...wallet }),
} as unknown as Handlers<typeof walletOperations>;

/** Remembers as the table does: by scope and key, refusing another payload. */
function memory(): Remember {
  const stored = new Map<string, { payload: string; answer: string }>();
  return async ({ scope, key, payload }, run) => {
    const known = stored.get(`${scope} ${key}`);
    if (known && known.payload !== canonicalJson(payload)) throw new DukeError('idempotency_key_reused', 'x');
    if (known) return { answer: known.answer, replayed: true };
    const answer = await run();
    stored.set(`${scope} ${key}`, { payload: canonicalJson(payload), answer });
    return { answer, replayed: false };
  };
}

const userId = newId();
const authenticate = async (authorization: string | undefined) => {
  const role = /^Bearer (\w+)$/.exec(authorization ?? '')?.[1] as UserRole | undefined;
  if (!role) throw new DukeError('unauthenticated', 'no token');
  return {
    userId,
    role,
    email: 'a@b.c',
    originJti: 'o',
    sessionStartedAt: 0,
    accessToken: 't',
    expiresAt: 0,
  };
};

interface Sent {
  route: string;
  role?: string;
  headers?: Record<string, string>;
  body?: string;
  query?: Record<string, string>;
}
const cursors = sealedCursors(async () => Buffer.alloc(32));
let handler: ReturnType<typeof createApi<typeof walletOperations>>;
async function send({ route, role = 'buyer', headers = {}, body, query }: Sent) {
  const event = {
    routeKey: route,
    rawPath: route.split(' ')[1],
    headers: {
      authorization: `Bearer ${role}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
    requestContext: { requestId: 'req-1', http: { method: route.split(' ')[0] } },
  } as unknown as APIGatewayProxyEventV2;
  const answer = await handler(event, context);
  return { ...answer, json: answer.body ? (JSON.parse(answer.body) as Record<string, unknown>) : undefined };
}
const deposit = `POST ${BASE_PATH}/wallet/deposits`;
const entries = `GET ${BASE_PATH}/wallet/entries`;
const amount = JSON.stringify({ amount_satoshis: 5 });

beforeEach(() => {
  calls = [];
  fail = undefined;
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  errors = vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  handler = createApi(walletOperations, { authenticate, cursors, remember: memory() }, handlers);
});

describe('a request', () => {
  test('reaches its handler parsed, with defaults', async () => {
    expect((await send({ route: entries, query: { limit: '7' } })).statusCode).toBe(200);
    expect(calls[0]).toMatchObject({ input: { query: { limit: 7 } }, scope: 'own' });
  });

  test.each<[string, Partial<Sent>, number, string, string?]>([
    ['no token', { headers: { authorization: '' } }, 401, 'unauthenticated'],
    ['malformed JSON', { body: '{"amount' }, 400, 'malformed_json'],
    [
      'another media type',
      { body: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['a body that is too large', { body: `"${'x'.repeat(1024 * 1024)}"` }, 413, 'body_too_large'],
    ['no body', {}, 422, 'validation_failed', 'amount_satoshis'],
    ['an unknown field', { body: '{"amount_satoshis": 5, "x": 1}' }, 422, 'validation_failed', 'x'],
    ['text for a number', { body: '{"amount_satoshis": "5"}' }, 422, 'validation_failed', 'amount_satoshis'],
    ['a fraction', { body: '{"amount_satoshis": 5.5}' }, 422, 'validation_failed', 'amount_satoshis'],
    ['a list for an object', { body: '[]' }, 422, 'validation_failed', ''],
    ['an unknown parameter', { body: amount, query: { x: '1' } }, 422, 'validation_failed', 'x'],
    [
      'a key with spaces',
      { body: amount, headers: { 'idempotency-key': 'a b' } },
      422,
      'validation_failed',
      'Idempotency-Key',
    ],
  ])('%s is a problem with its code', async (_, sent, status, code, path) => {
    const { statusCode, headers, json } = await send({ route: deposit, ...sent });
    expect(statusCode).toBe(status);
    expect(headers?.['content-type']).toBe('application/problem+json');
    const problem = Problem.parse(json);
    expect(problem).toMatchObject({ code, status, request_id: 'req-1' });
    if (path !== undefined) expect(problem.errors?.map((error) => error.path)).toEqual([path]);
    expect(calls).toEqual([]);
  });

  test('is authorized before its body is parsed', async () => {
    const admin = `POST ${BASE_PATH}/admin/wallet/credit`;
    expect((await send({ route: admin, role: 'buyer', body: '{' })).json).toMatchObject({
      code: 'forbidden',
    });
  });

  test('to a route of another capability gets 404', async () => {
    expect((await send({ route: `GET ${BASE_PATH}/tasks/list` })).json).toMatchObject({ code: 'not_found' });
  });
});

describe('a response', () => {
  test('drops fields that the contract does not declare', async () => {
    const { statusCode, body } = await send({ route: deposit, body: amount });
    expect(statusCode).toBe(500);
    expect(body).not.toContain('must not leave');
  });

  test('explains expected errors, and hides others', async () => {
    fail = new DukeError('insufficient_funds', 'You have 3.');
    const { headers, json } = await send({ route: `POST ${BASE_PATH}/wallet/withdrawals`, body: amount });
    expect(json).toMatchObject({ status: 402, detail: 'You have 3.' });
    expect(headers?.['cache-control']).toBe('no-store');
    fail = new Error('password=secret');
    const hidden = await send({ route: `POST ${BASE_PATH}/wallet/withdrawals`, body: amount });
    expect(hidden.json).toMatchObject({ status: 500, code: 'internal' });
    expect(hidden.body).not.toContain('secret');
    expect(errors).toHaveBeenCalled();
  });

  test('carries Retry-After', async () => {
    fail = new DukeError('throttled', 'Slowly.', { retryAfter: 7 });
    expect((await send({ route: entries })).headers).toMatchObject({ 'retry-after': '7' });
  });
});

describe('Idempotency-Key', () => {
  const withdraw = `POST ${BASE_PATH}/wallet/withdrawals`;
  const keyed = (key: string, body = amount, route = withdraw) =>
    send({ route, body, headers: { 'idempotency-key': key } });

  test('runs once, and marks the replayed response', async () => {
    const first = await keyed('k');
    const second = await keyed('k');
    expect(calls).toHaveLength(1);
    expect(second.body).toBe(first.body);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true' });
  });

  test('with another body is rejected', async () => {
    await keyed('k');
    expect((await keyed('k', '{"amount_satoshis": 6}')).json).toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  test('derives the same id after a crash, and a different one for other callers and without a key', async () => {
    fail = new Error('crash');
    await keyed('k');
    fail = undefined;
    await keyed('k');
    await keyed('k2');
    await send({ route: withdraw, body: amount });
    const [crashed, again, other, none] = calls.map((call) => call.newId);
    expect(again).toBe(crashed);
    expect(new Set([again, other, none]).size).toBe(3);
  });
});

test('every operation of the contract has a unique method and path', () => {
  expect(new Set(allOperations.map(routeKey)).size).toBe(allOperations.length);
});
