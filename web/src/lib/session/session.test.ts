import { describe, expect, it, vi } from 'vitest';
import { createSession, type User } from './session.ts';

const user: User = {
  id: '018f0000-0000-7000-8000-000000000001',
  email: 'buyer@dukenet.local',
  user_type: 'buyer',
  full_name: null,
  created_at: '2026-01-01T00:00:00.000Z',
  is_active: true,
};
const sessionBody = (access_token: string, expires_in = 3600) => ({
  access_token,
  id_token: 'id',
  token_type: 'Bearer' as const,
  expires_in,
  user,
});
const json = (status: number, body: unknown) => Response.json(body, { status });
const request = () => new Request('http://localhost/api/v2/tasks/list');

/** A server that takes only `valid` and hands out `t1`, `t2`, … */
function server(options: { valid?: () => string; refresh?: () => Promise<Response> | Response } = {}) {
  let handed = 0;
  const seen: (string | null)[] = [];
  const refreshed = vi.fn(options.refresh ?? (() => json(200, sessionBody(`t${(handed += 1)}`))));
  const send = vi.fn(async (input: RequestInfo | URL): Promise<Response> => {
    if (!(input instanceof Request)) return refreshed();
    const token = input.headers.get('authorization');
    seen.push(token);
    const good = token === `Bearer ${options.valid?.() ?? `t${handed}`}`;
    return good ? json(200, { items: [] }) : json(401, { code: 'unauthenticated', title: 'no' });
  });
  return { send: send as unknown as typeof fetch, refreshed, seen };
}

describe('the session', () => {
  it('starts signed in if there is a refresh cookie, otherwise signed out', async () => {
    const out = createSession(server({ refresh: () => json(401, { code: 'refresh_token_invalid' }) }).send);
    await out.renew();
    expect(out.get()).toEqual({ status: 'anonymous' });

    const back = createSession(server().send);
    await back.renew();
    expect(back.get()).toMatchObject({ status: 'signed_in', user, accessToken: 't1' });
  });

  it('reports an unreachable server instead of signing out', async () => {
    const offline = createSession(server({ refresh: () => Promise.reject(new TypeError('offline')) }).send);
    await offline.renew();
    expect(offline.get()).toEqual({ status: 'unreachable' });

    offline.open(sessionBody('t0'));
    await offline.renew();
    expect(offline.get()).toMatchObject({ status: 'signed_in', accessToken: 't0' });
  });

  it('renews a rejected token once for concurrent requests, and repeats each of them', async () => {
    const { send, refreshed, seen } = server();
    const session = createSession(send);
    session.open(sessionBody('old'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => session.fetch(request())));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(refreshed).toHaveBeenCalledTimes(1);
    expect(seen.filter((token) => token === 'Bearer old')).toHaveLength(8);
    expect(seen.filter((token) => token === 'Bearer t1')).toHaveLength(8);
  });

  it('gives up after one more attempt', async () => {
    const { send, refreshed, seen } = server({ valid: () => 'none of them' });
    const session = createSession(send);
    session.open(sessionBody('old'));
    expect((await session.fetch(request())).status).toBe(401);
    expect(refreshed).toHaveBeenCalledTimes(1);
    expect(seen).toHaveLength(2);
  });

  it('renews before a token expires, not after a rejection', async () => {
    let now = 0;
    const { send, refreshed, seen } = server();
    const session = createSession(send, () => now);
    session.open(sessionBody('short', 300));
    now = 250_000;
    expect((await session.fetch(request())).status).toBe(200);
    expect(refreshed).toHaveBeenCalledTimes(1);
    expect(seen).toEqual(['Bearer t1']);
  });

  it('does not mistake a wrong password for an expired token', async () => {
    const refreshed = vi.fn();
    const send = async (input: RequestInfo | URL) =>
      input instanceof Request
        ? json(401, { code: 'bad_credentials', title: 'no' })
        : (refreshed() as Response);
    const session = createSession(send);
    session.open(sessionBody('good'));
    expect((await session.fetch(request())).status).toBe(401);
    expect(refreshed).not.toHaveBeenCalled();
  });

  it('ends when the refresh token is rejected, and returns that response', async () => {
    const { send } = server({ refresh: () => json(401, { code: 'refresh_token_invalid' }) });
    const session = createSession(send);
    const heard: string[] = [];
    session.subscribe(() => heard.push(session.get().status));
    session.open(sessionBody('old'));
    expect((await session.fetch(request())).status).toBe(401);
    expect(heard).toEqual(['signed_in', 'anonymous']);
  });
});
