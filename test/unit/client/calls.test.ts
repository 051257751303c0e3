import { describe, expect, it } from 'vitest';
import { ApiError, hasCode } from '../../../client/typescript/src/index.ts';
import { fakeApi, json, lost, problem } from './fake-api.ts';

const body = { description: 'Which?', complexity: 1, labels: ['a', 'b'] as [string, string] };
const keyOf = (headers: Headers) => headers.get('idempotency-key');

describe('a call', () => {
  it('fills in path, query and body, and returns the body of the response', async () => {
    const { duke, seen } = fakeApi([json(200, { items: [], next_cursor: null })]);
    const page = await duke.call('listTaskItems', { params: { task_id: 'a/b' }, query: { limit: 7 } });
    expect(page).toEqual({ items: [], next_cursor: null });
    expect(seen[0]?.route).toBe('GET /api/v2/tasks/a%2Fb/items?limit=7');
  });

  it('returns undefined for a success without a body', async () => {
    const { duke } = fakeApi([() => new Response(null, { status: 204 })]);
    expect(await duke.call('deleteFile', { params: { file_id: 'f' } })).toBeUndefined();
  });

  it('sends an Idempotency-Key if the API accepts one, the same for every attempt', async () => {
    const { duke, seen } = fakeApi([lost, problem(500, 'internal'), json(201, { id: 't' })]);
    await duke.call('createTask', { body });
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ headers }) => keyOf(headers)))).toEqual(new Set([expect.stringMatching(/./)]));
    await duke.call('createTask', { body, idempotencyKey: 'mine' });
    expect(keyOf(seen[3]!.headers)).toBe('mine');
    await duke.call('cancelTask', { params: { task_id: 't' } });
    expect(keyOf(seen[4]!.headers)).toBeNull();
  });

  it('does not repeat a non-idempotent request after a lost response', async () => {
    const { duke, seen } = fakeApi([lost, json(200, {})]);
    await expect(duke.call('cancelTask', { params: { task_id: 't' } })).rejects.toMatchObject({
      code: 'unreachable',
      status: 0,
    });
    expect(seen).toHaveLength(1);
  });

  it('repeats any request that was rejected with Retry-After', async () => {
    const { duke, seen } = fakeApi([
      problem(429, 'throttled', { 'retry-after': '0' }),
      () => new Response('{"message":"Service Unavailable"}', { status: 503 }),
      json(200, { id: 't' }),
    ]);
    await duke.call('cancelTask', { params: { task_id: 't' } });
    expect(seen).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { duke } = fakeApi([problem(429, 'throttled', { 'retry-after': '0.2' }), json(200, {})]);
    const started = performance.now();
    await duke.call('getWallet', {});
    expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  });

  it('gives up after the retries of its policy, with the last error', async () => {
    const { duke, seen } = fakeApi([problem(503, 'unavailable')]);
    await expect(duke.call('getWallet', {})).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    expect(seen).toHaveLength(4);
  });

  it('throws the problem of the server, and an equivalent for responses of the gateway', async () => {
    const refused = await fakeApi([problem(402, 'insufficient_funds')])
      .duke.call('createTask', { body })
      .catch((error: unknown) => error);
    expect(hasCode(refused, 'insufficient_funds')).toBe(true);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ message: 'insufficient_funds!', status: 402 });
    const { duke } = fakeApi([() => new Response('{"message":"Request Too Long"}', { status: 413 })]);
    await expect(duke.call('createTask', { body })).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('does not treat an error of the caller as a lost response', async () => {
    const { duke, seen } = fakeApi([() => new RangeError('of the caller')]);
    await expect(duke.call('getWallet', {})).rejects.toThrow(new RangeError('of the caller'));
    expect(seen).toHaveLength(1);
  });

  it('stops when its signal is aborted, between attempts too', async () => {
    const abort = new AbortController();
    const { duke, seen } = fakeApi([
      () => {
        setTimeout(() => abort.abort(new Error('enough')));
        return new Response('{}', { status: 503, headers: { 'retry-after': '3600' } });
      },
    ]);
    const call = duke.call('getWallet', { signal: abort.signal });
    await expect(call).rejects.toThrow('enough');
    expect(seen).toHaveLength(1);
  });
});

describe('the items of a list', () => {
  it('are read page by page, only as far as they are needed', async () => {
    const { duke, seen } = fakeApi([
      json(200, { items: [1, 2], next_cursor: 'c1' }),
      json(200, { items: [], next_cursor: 'c2' }),
      json(200, { items: [3], next_cursor: null }),
    ]);
    expect(await Array.fromAsync(duke.items('listTasks', { query: { status: 'completed' } }))).toEqual([
      1, 2, 3,
    ]);
    expect(seen.map(({ route }) => route)).toEqual([
      'GET /api/v2/tasks/list?limit=100&status=completed',
      'GET /api/v2/tasks/list?limit=100&status=completed&cursor=c1',
      'GET /api/v2/tasks/list?limit=100&status=completed&cursor=c2',
    ]);
    for await (const first of duke.items('listTasks', {})) {
      expect(first).toBe(3);
      break;
    }
    expect(seen).toHaveLength(4);
  });
});
