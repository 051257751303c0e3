import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../contracts/api/routes.ts';
import type { DukeNet } from '../../client/typescript/src/index.ts';
import { client, newBuyer, PASSWORD, raw, seeded } from './support.ts';

let buyer: Awaited<ReturnType<typeof newBuyer>>;
let token: string;
beforeAll(async () => {
  buyer = await newBuyer();
  token = (await client().call('login', { body: { email: buyer.email, password: PASSWORD } })).access_token;
});

const task = { description: 'Which?', complexity: 1, labels: ['a', 'b'], items: [{ fields: { text: 'a' } }] };
const register = (body: object, headers: Record<string, string> = {}) =>
  raw('POST', '/auth/register', {
    body: JSON.stringify({ email: `x-${randomUUID()}@example.com`, password: PASSWORD, ...body }),
    headers,
  });

describe('cursors and numbers in a query', () => {
  const lists = allOperations.filter(
    ({ query, access }) => query && 'cursor' in query.shape && access.kind === 'roles' && access.roles.buyer,
  );
  const base64 = (text: string) => Buffer.from(text).toString('base64url');

  it.each(lists.map((operation) => [operation.id, operation] as const))('%s', async (_id, operation) => {
    const path = operation.path.replace(/\{\w+\}/g, randomUUID());
    for (const cursor of ['Wg', 'WA', 'fg', base64('-1'), base64('NaN'), base64('ENTRY#~'), 'AAAA']) {
      const { status, body } = await raw('GET', `${path}?cursor=${cursor}`, { token });
      expect([cursor, status, body['code']]).toEqual([cursor, 422, 'validation_failed']);
    }
    for (const limit of ['0x10', '1e1', '%205', '%2B5', '-1', '5.0']) {
      expect([limit, (await raw('GET', `${path}?limit=${limit}`, { token })).status]).toEqual([limit, 422]);
    }
  });

  it('a cursor works only for its user and leads to the end of the list', async () => {
    for (let i = 0; i < 2; i++) await buyer.api.call('deposit', { body: { amount_satoshis: 1 } });
    const first = await buyer.api.call('listEntries', { query: { limit: 2 } });
    const second = await buyer.api.call('listEntries', { query: { limit: 2, cursor: first.next_cursor! } });
    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([2, 1, null]);
    const other = await newBuyer(0);
    const session = await client().call('login', { body: { email: other.email, password: PASSWORD } });
    const { status } = await raw('GET', `/wallet/entries?cursor=${first.next_cursor}`, {
      token: session.access_token,
    });
    expect(status).toBe(422);
  });
});

describe('sessions', () => {
  it('a changed password ends every other session and leaves this one', async () => {
    const { email } = await newBuyer(0);
    const login = (password: string) => client().call('login', { body: { email, password } });
    const [mine, other] = [await login(PASSWORD), await login(PASSWORD)];
    const change = { current_password: PASSWORD, new_password: 'Another-one-12' };
    const changed = await raw('PUT', '/auth/profile', {
      token: mine.access_token,
      body: JSON.stringify(change),
    });
    expect(changed.status).toBe(200);
    const refresh = async ({ refresh_token }: { refresh_token?: string | undefined }) =>
      (await raw('POST', '/auth/refresh', { body: JSON.stringify({ refresh_token }) })).status;
    expect([await refresh(other), await refresh(mine)]).toEqual([401, 200]);
    expect((await raw('GET', '/wallet', { token: mine.access_token })).status).toBe(200);
    expect(await refresh(await login('Another-one-12'))).toBe(200);
  });
});

describe('registration', () => {
  /** Each field that is named as wrong, once. */
  const fieldsOf = (body: Record<string, unknown>): string[] => [
    ...new Set((body['errors'] as { path: string }[]).map((error) => error.path)),
  ];

  it.each([' LeadingSpace1xyz', 'TrailingSpace1xyz ', '\tTabulator1xyzabc'])(
    'rejects the password %j and names the field',
    async (password) => {
      const { status, body } = await register({ user_type: 'buyer', password });
      expect([status, fieldsOf(body)]).toEqual([422, ['password']]);
    },
  );

  it.each(['duke-mm', 'dukemm', 'duk3--mm', 'DUKE-MM', 'd\u0443ke-mm', 'adm1n', 'system-1'])(
    'rejects the agent name %s',
    async (agent_name) => {
      const { status, body } = await register({ user_type: 'agent', agent_name });
      expect([status, fieldsOf(body)]).toEqual([422, ['agent_name']]);
    },
  );

  it('equal Idempotency-Keys of different users do not collide, and a repeated request returns the same user', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const email = `ann-${randomUUID()}@example.com`;
    const ann = await register({ email, user_type: 'buyer' }, headers);
    const again = await register({ email, user_type: 'buyer' }, headers);
    expect([ann.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(ann.body);
    const bob = await register({ user_type: 'buyer' }, headers);
    expect([bob.status, bob.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const thief = await register({ email, user_type: 'buyer', password: 'Another-one-12' }, headers);
    expect([thief.status, thief.body['code']]).toEqual([409, 'email_taken']);
  });
});

describe('files of a request', () => {
  const post = (body: object) => raw('POST', '/tasks/create', { token, body: JSON.stringify(body) });
  const announce = (api: DukeNet) =>
    api.call('uploadFile', { body: { filename: 'a.csv', content_type: 'text/csv', size_bytes: 3 } });

  it('rejects 3,000 files with one error', async () => {
    const items = Array.from({ length: 2400 }, () => ({ files: { a: randomUUID() } }));
    const examples = Array.from({ length: 600 }, () => ({ files: { a: randomUUID() }, expected: 'a' }));
    const began = performance.now();
    expect((await post({ ...task, complexity: 10, items, examples })).status).toBe(422);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('rejects another user’s file by its path, and the owner can still delete it', async () => {
    const victim = await newBuyer(0);
    const { file } = await announce(victim.api);
    const { status, body } = await post({ ...task, items: [{ files: { a: file.id } }] });
    expect([status, body['code'], body['errors']]).toMatchObject([
      422,
      'file_not_usable',
      [{ path: 'items.0.files.a' }],
    ]);
    const seen = await victim.api.call('getFile', { params: { file_id: file.id } });
    expect(seen.used_by_tasks).toEqual([]);
    await victim.api.call('deleteFile', { params: { file_id: file.id } });
  });
});

it('shows the owner of a wallet which administrator credited it', async () => {
  const admin = await seeded('admin');
  const profile = await admin.call('getProfile', {});
  const { api, id } = await newBuyer(0);
  await admin.call('creditWallet', { body: { user_id: id, amount_satoshis: 7, reason: 'invoice 7' } });
  const { items } = await api.call('listEntries', {});
  expect(items).toMatchObject([{ kind: 'credit', actor_id: profile.id, amount_satoshis: 7 }]);
});
