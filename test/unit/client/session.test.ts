import { expect, it } from 'vitest';
import { fakeApi, json, problem, type SeenRequest } from './fake-api.ts';

const session = (access_token: string, expires_in = 3600) => ({
  access_token,
  id_token: 'id',
  refresh_token: 'r1',
  token_type: 'Bearer',
  expires_in,
});
const tokens = (seen: readonly SeenRequest[]) =>
  seen.map(({ route, headers }) => `${route.split('/').pop()} ${headers.get('authorization') ?? '-'}`);

it('signs in and sends the token with requests', async () => {
  const { duke, seen } = fakeApi([json(200, session('t1')), json(200, {})]);
  await duke.login('a@example.com', 'secret');
  await duke.call('getWallet', {});
  expect(tokens(seen)).toEqual(['login -', 'wallet Bearer t1']);
});

it('renews a token before it expires', async () => {
  const { duke, seen } = fakeApi([json(200, session('t1', 30)), json(200, session('t2')), json(200, {})]);
  await duke.login('a@example.com', 'secret');
  await duke.call('getWallet', {});
  expect(tokens(seen)).toEqual(['login -', 'refresh -', 'wallet Bearer t2']);
  expect(JSON.parse(seen[1]!.body)).toEqual({ refresh_token: 'r1' });
});

it('renews a rejected token once for concurrent requests, and repeats each of them', async () => {
  let valid = 't1';
  const { duke, seen } = fakeApi([() => new Error('replaced below')], {
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      seen.push({ route: `${request.method} ${pathname}`, headers: new Headers(request.headers), body: '' });
      if (pathname.endsWith('/login')) return Response.json(session('t1'));
      if (pathname.endsWith('/refresh')) return Response.json(session((valid = 't2')));
      if (request.headers.get('authorization') === `Bearer ${valid}`) return Response.json({});
      return problem(401, 'unauthenticated')();
    },
  });
  await duke.login('a@example.com', 'secret');
  valid = 'revoked';
  await Promise.all([duke.call('getWallet', {}), duke.call('getWallet', {}), duke.call('getProfile', {})]);
  expect(tokens(seen).filter((line) => line.startsWith('refresh'))).toHaveLength(1);
  expect(tokens(seen).filter((line) => line.endsWith('t2'))).toHaveLength(3);
});

it('signs out and throws the 401 if the refresh token is rejected', async () => {
  const { duke, seen } = fakeApi([
    json(200, session('t1', 30)),
    problem(401, 'refresh_token_invalid'),
    problem(401, 'unauthenticated'),
  ]);
  await duke.login('a@example.com', 'secret');
  await expect(duke.call('getWallet', {})).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(duke.accessToken).toBeUndefined();
  expect(tokens(seen)).toEqual(['login -', 'refresh -', 'wallet -']);
});

it('does not renew a token for a wrong password', async () => {
  const { duke, seen } = fakeApi([json(200, session('t1')), problem(401, 'bad_credentials')]);
  await duke.login('a@example.com', 'secret');
  const change = duke.call('updateProfile', { body: { current_password: 'x', new_password: 'y' } });
  await expect(change).rejects.toMatchObject({ code: 'bad_credentials' });
  expect(tokens(seen)).toEqual(['login -', 'profile Bearer t1']);
});

it('ends the session on the server and in the client', async () => {
  const { duke, seen } = fakeApi([json(200, session('t1')), () => new Response(null, { status: 204 })]);
  await duke.login('a@example.com', 'secret');
  await duke.logout();
  expect(JSON.parse(seen[1]!.body)).toEqual({ refresh_token: 'r1' });
  expect(duke.accessToken).toBeUndefined();
});
