import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../contracts/api/openapi.ts';
import { FileRejectedError, type DukeNet, type Schemas } from '../../client/typescript/src/index.ts';
import { client, ended, newBuyer, PASSWORD, problemOf, raw } from './support.ts';

let buyer: Awaited<ReturnType<typeof newBuyer>>;
let token: string;
let idToken: string;
beforeAll(async () => {
  buyer = await newBuyer();
  const session = await client().call('login', { body: { email: buyer.email, password: PASSWORD } });
  token = session.access_token;
  idToken = session.id_token;
});

const task = (overrides: object = {}) => ({
  description: 'Which?',
  complexity: 1,
  labels: ['a', 'b'],
  items: [{ fields: { text: 'a' } }],
  ...overrides,
});
const post = (body: unknown, headers: Record<string, string> = {}): ReturnType<typeof raw> =>
  raw('POST', '/tasks/create', {
    token,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  });
/** The file after its inspection, ready or rejected. */
async function inspected(api: DukeNet, data: string | Uint8Array<ArrayBuffer>): Promise<Schemas['File']> {
  try {
    return await api.upload({ filename: 'table.csv', content_type: 'text/csv', data });
  } catch (error) {
    if (error instanceof FileRejectedError) return error.file;
    throw error;
  }
}

/** A good token with one character of its signature, or its whole payload, changed. */
const forged = (change: (parts: string[]) => string[]): string => change(token.split('.')).join('.');
const claims =
  (changes: object) =>
  (parts: string[]): string[] => {
    const payload = { ...(JSON.parse(Buffer.from(parts[1]!, 'base64url').toString()) as object), ...changes };
    return [parts[0]!, Buffer.from(JSON.stringify(payload)).toString('base64url'), parts[2]!];
  };
const unsigned = ([, payload]: string[]): string[] => [
  Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url'),
  payload!,
  '',
];

const badTokens: [string, () => string | undefined][] = [
  ['none', () => undefined],
  ['an ID token', () => idToken],
  ['no token at all', () => 'Hello'],
  [
    'another signature',
    () => forged(([h, p, s]) => [h!, p!, (s!.startsWith('A') ? 'B' : 'A') + s!.slice(1)]),
  ],
  ['a later end', () => forged(claims({ exp: 4_000_000_000 }))],
  ['another user', () => forged(claims({ sub: randomUUID() }))],
  ['the algorithm none', () => forged(unsigned)],
];

describe('tokens', () => {
  it.each(badTokens)('%s: 401', async (_case, tokenOf) => {
    const given = tokenOf();
    const answer = await raw('GET', '/wallet', given === undefined ? {} : { token: given });
    expect(answer.status).toBe(401);
    expect(Problem.parse(answer.body)).toMatchObject({ code: 'unauthenticated' });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('a wrong password and an unknown e-mail address get the same message', async () => {
    const wrong = await problemOf(
      client().call('login', { body: { email: buyer.email, password: 'Wrong-pass-123' } }),
    );
    const unknown = await problemOf(
      client().call('login', { body: { email: 'nobody@example.com', password: 'Wrong-pass-123' } }),
    );
    expect(wrong).toMatchObject({ status: 401, code: 'bad_credentials' });
    expect({ ...unknown, request_id: '' }).toEqual({ ...wrong, request_id: '' });
  });
});

describe('bodies', () => {
  it.each([
    ['malformed JSON', '{"description":', 400, 'malformed_json'],
    ['an unknown field', task({ colour: 'red' }), 422, 'validation_failed'],
    ['complexity 0', task({ complexity: 0 }), 422, 'validation_failed'],
    ['complexity 11', task({ complexity: 11 }), 422, 'validation_failed'],
    ['complexity "3"', task({ complexity: '3' }), 422, 'validation_failed'],
    ['no items', task({ items: [] }), 422, 'no_items'],
    [
      '300 items at complexity 1',
      task({ items: Array.from({ length: 300 }, () => ({})) }),
      422,
      'complexity_too_low',
    ],
    ['an unknown file', task({ files: [randomUUID()] }), 422, 'file_not_usable'],
    ['more than 1 MB', task({ description: 'x'.repeat(1_100_000) }), 413, 'body_too_large'],
  ] as const)('%s: %i', async (_case, body, status, code) => {
    const answer = await post(body);
    expect([answer.status, Problem.parse(answer.body).code]).toEqual([status, code]);
  });

  it('names the invalid field', async () => {
    const { body } = await post(task({ complexity: 11, colour: 'red' }));
    expect(
      Problem.parse(body)
        .errors?.map((error) => error.path)
        .sort(),
    ).toEqual(['colour', 'complexity']);
  });

  it('rejects other media types, unknown query parameters, unknown routes and wrong methods', async () => {
    const form = await raw('POST', '/tasks/create', {
      token,
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const query = await raw('GET', '/tasks/list?colour=red', { token });
    const limit = await raw('GET', '/tasks/list?limit=101', { token });
    const cursor = await raw('GET', '/tasks/list?cursor=%2A%2A', { token });
    const route = await raw('GET', '/nothing/here', { token });
    const method = await raw('DELETE', '/wallet', { token });
    const id = await raw('GET', '/tasks/not-a-uuid', { token });
    expect([form, query, limit, cursor, route, method, id].map((answer) => answer.status)).toEqual([
      415, 422, 422, 422, 404, 405, 404,
    ]);
  });

  it('holds no money after rejected requests', async () => {
    expect(await buyer.api.call('getWallet', {})).toMatchObject({
      balance_satoshis: 5_000_000,
      held_satoshis: 0,
    });
  });
});

describe('files', () => {
  const png = Uint8Array.from(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    ),
  );
  it.each([
    ['a PNG', png, /PNG/i],
    ['nothing but a header', 'a,b\n', /row/i],
    ['a quote that is never closed', 'a,b\n1,2\n1,"2\n', /row 2.*quote/i],
    ['an HTML page', '<!doctype html><html><script>alert(1)</script></html>', /HTML/i],
  ] as const)('a CSV that is %s is rejected with the reason', async (_case, bytes, reason) => {
    const file = await inspected(buyer.api, bytes);
    expect(file.status).toBe('rejected');
    expect(file.rejected_reason).toMatch(reason);
    const refused = problemOf(buyer.api.call('createTask', { body: task({ items: [], files: [file.id] }) }));
    expect(await refused).toMatchObject({ code: 'file_not_usable' });
  });

  it('rejects an empty file before the upload; a file that was never sent stays unusable', async () => {
    const empty = { filename: 'a.csv', content_type: 'text/csv' as const, size_bytes: 0 };
    expect(await problemOf(buyer.api.call('uploadFile', { body: empty }))).toMatchObject({ status: 422 });
    const { file } = await buyer.api.call('uploadFile', { body: { ...empty, size_bytes: 3 } });
    const early = problemOf(buyer.api.call('createTask', { body: task({ items: [], files: [file.id] }) }));
    expect(await early).toMatchObject({ code: 'file_not_usable' });
  });

  it('rejects more bytes than announced', async () => {
    const { upload: target } = await buyer.api.call('uploadFile', {
      body: { filename: 'a.csv', content_type: 'text/csv', size_bytes: 4 },
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(target.fields)) form.append(name, value);
    form.append('file', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'a.csv');
    expect((await fetch(target.url, { method: 'POST', body: form })).status).toBe(400);
  });
});

describe('money and repeated requests', () => {
  it('states the missing amount when the balance does not cover the price', async () => {
    const poor = await newBuyer(100);
    const problem = await problemOf(poor.api.call('createTask', { body: task() }));
    expect(problem).toMatchObject({ status: 402, code: 'insufficient_funds' });
    expect(problem.detail).toContain('you can spend 100');
    expect(await poor.api.call('getWallet', {})).toMatchObject({ balance_satoshis: 100, held_satoshis: 0 });
  });

  it('returns the same task for the same Idempotency-Key, and 422 for a different body', async () => {
    const { api, email } = await newBuyer();
    const { access_token } = await client().call('login', { body: { email, password: PASSWORD } });
    const headers = { 'idempotency-key': randomUUID() };
    const send = (body: object) =>
      raw('POST', '/tasks/create', { token: access_token, body: JSON.stringify(body), headers });
    const first = await send(task());
    const second = await send(task());
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    const other = await send(task({ description: 'another' }));
    expect([other.status, other.body['code']]).toEqual([422, 'idempotency_key_reused']);
    const { items } = await api.call('listTasks', {});
    expect(items).toHaveLength(1);
    expect(await api.call('getWallet', {})).toMatchObject({
      balance_satoshis: 5_000_000 - items[0]!.price_satoshis,
    });
  });

  it('holds the price once for twenty concurrent requests with one key', async () => {
    const { api } = await newBuyer();
    const idempotencyKey = randomUUID();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        api.call('createTask', { body: task(), idempotencyKey }).then(
          (created) => created.id,
          (error: { problem?: { code: string } }) => error.problem?.code ?? 'unknown',
        ),
      ),
    );
    const ids = new Set(outcomes.filter((outcome) => outcome !== 'idempotency_in_progress'));
    expect(ids.size).toBe(1);
    const { items } = await api.call('listEntries', {});
    expect(items.filter((entry) => entry.kind === 'hold')).toHaveLength(2);
  });

  it('cancels once, and only before execution', async () => {
    const { api } = await newBuyer();
    const { id } = await api.call('createTask', { body: task() });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        api.call('cancelTask', { params: { task_id: id } }).then(
          (cancelled) => cancelled.status as string,
          (error: { problem?: { code: string } }) => error.problem?.code ?? 'unknown',
        ),
      ),
    );
    const done = await ended(api, id);
    expect(outcomes.filter((outcome) => outcome === 'cancelled').length).toBe(
      done.status === 'cancelled' ? 1 : 0,
    );
    const { held_satoshis } = await api.call('getWallet', {});
    expect(held_satoshis).toBe(done.status === 'cancelled' ? 0 : done.price_satoshis);
  });
});
