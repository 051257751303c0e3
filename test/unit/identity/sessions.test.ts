import { beforeEach, describe, expect, test } from 'vitest';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { identityHandlers } from '../../../lambdas/identity/handlers.ts';
import { loginGuard } from '../../../lambdas/identity/login-guard.ts';
import { endEverySession } from '../../../lambdas/identity/logout.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { keys } from '../../../contracts/naming.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { memoryAccounts, unsignedToken } from '../support/memory-accounts.ts';
import { memoryTable } from '../support/memory-table.ts';

const email = 'ann@example.com';
const password = 'Long-enough-1';

function stage() {
  const table = memoryTable();
  const clock = () => new Date();
  const accounts = memoryAccounts(clock);
  const users = userStore(table);
  const guard = loginGuard(table, clock);
  const deps = { accounts, users, clock, guard, autoConfirm: true, cookieSecure: true };
  const handlers = identityHandlers(deps);
  const context = (caller: Caller | undefined, cookie?: string) => ({
    caller: caller as never,
    scope: 'own' as const,
    newId: newId(),
    event: {
      headers: cookie === undefined ? {} : { cookie },
      requestContext: { http: { sourceIp: '192.0.2.1' } },
    } as unknown as APIGatewayProxyEventV2,
    reply: { cookies: [] as string[], replayed: false },
  });
  const call = <T>(handler: (input: never, context: never) => T, body: object, on = context(undefined)): T =>
    handler({ body } as never, on as never);
  const register = () => call(handlers.register, { email, password, user_type: 'buyer' });
  const login = (extra: object = {}, on = context(undefined)) =>
    call(handlers.login, { email, password, cookie: false, ...extra }, on);
  const callerOf = (accessToken: string): Caller => {
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
      origin_jti: string;
    };
    return {
      userId: claims.sub,
      role: 'buyer',
      email,
      originJti: claims.origin_jti,
      sessionStartedAt: 0,
      accessToken,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
    };
  };
  return { ...deps, table, handlers, context, call, register, login, callerOf };
}

let s: ReturnType<typeof stage>;
beforeEach(async () => {
  s = stage();
  await s.register();
});

describe('login', () => {
  test('returns tokens and the user', async () => {
    const session = await s.login();
    expect(session).toMatchObject({ token_type: 'Bearer', expires_in: 3600, user: { email } });
    expect(session.refresh_token).toMatch(/^refresh-/);
    expect(session.user).not.toHaveProperty('updated_at');
  });

  test('puts the refresh token into an HttpOnly, SameSite cookie', async () => {
    const on = s.context(undefined);
    const session = await s.login({ cookie: true }, on);
    expect(session).not.toHaveProperty('refresh_token');
    expect(on.reply.cookies).toEqual([
      expect.stringMatching(
        /^dukenet_refresh=refresh-[\w-]+; Path=\/api\/v2\/auth; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure$/,
      ),
    ]);
  });

  test.each([
    ['a wrong password', { password: 'Wrong-password-1' }],
    ['an unknown address', { email: 'nobody@example.com' }],
  ])('%s gets the same 401', async (_, wrong) => {
    await expect(s.login(wrong)).rejects.toMatchObject({ code: 'bad_credentials', message: 'wrong' });
  });

  test('a disabled user gets no session', async () => {
    const userId = s.accounts.stored.get(email)!.userId;
    await s.table.write({ update: keys.user(userId), set: { is_active: false } });
    await expect(s.login()).rejects.toMatchObject({ code: 'user_disabled' });
    expect(s.accounts.sessions.size).toBe(0);
  });

  test('an account without a record gets advice instead of a session', async () => {
    await s.accounts.signUp('half@example.com', password);
    await s.accounts.confirmNow(s.accounts.stored.get('half@example.com')!.userId);
    await expect(s.login({ email: 'half@example.com' })).rejects.toThrow(/register again/);
    expect(s.accounts.sessions.size).toBe(0);
  });
});

describe('refresh', () => {
  test('by body returns the refresh token, by cookie does not', async () => {
    const { refresh_token } = await s.login();
    const byBody = await s.call(s.handlers.refresh, { refresh_token });
    expect(byBody).toMatchObject({ refresh_token, user: { email } });
    const byCookie = await s.call(
      s.handlers.refresh,
      {},
      s.context(undefined, `other=1; dukenet_refresh=${refresh_token}`),
    );
    expect(byCookie).toMatchObject({ user: { email } });
    expect(byCookie).not.toHaveProperty('refresh_token');
  });

  test.each([
    ['no token', {}, undefined],
    ['a wrong token', { refresh_token: 'x' }, undefined],
    ['a cookie that is not encoded', {}, 'dukenet_refresh=%'],
  ])('%s is 401', async (_, body, cookie) => {
    await expect(s.call(s.handlers.refresh, body, s.context(undefined, cookie))).rejects.toMatchObject({
      code: 'refresh_token_invalid',
    });
  });

  test('a disabled user gets no new tokens', async () => {
    const { refresh_token, user } = await s.login();
    await s.table.write({ update: keys.user(user.id), set: { is_active: false } });
    await expect(s.call(s.handlers.refresh, { refresh_token })).rejects.toMatchObject({
      code: 'user_disabled',
    });
  });
});

describe('logout', () => {
  test('revokes the refresh token, ends the session and clears the cookie', async () => {
    const { access_token, refresh_token } = await s.login();
    const caller = s.callerOf(access_token);
    const on = s.context(caller);
    await s.call(s.handlers.logout, { refresh_token, everywhere: false }, on);
    expect(s.accounts.sessions.size).toBe(0);
    expect(await s.users.isDenied(caller.originJti)).toBe(true);
    expect(on.reply.cookies[0]).toMatch(/^dukenet_refresh=; Path=\/api\/v2\/auth; Max-Age=0; HttpOnly/);
  });

  test('without the refresh token ends the session too', async () => {
    const { access_token, refresh_token } = await s.login();
    await s.call(s.handlers.logout, { everywhere: false }, s.context(s.callerOf(access_token)));
    await expect(s.call(s.handlers.refresh, { refresh_token })).rejects.toMatchObject({
      code: 'refresh_token_invalid',
    });
  });

  test('everywhere ends every session until now, and none that begins after', async () => {
    const sessions = [await s.login(), await s.login()];
    const { user } = sessions[0]!;
    const authTime = Math.floor(Date.now() / 1000);
    await s.call(s.handlers.logout, { everywhere: true }, s.context(s.callerOf(sessions[0]!.access_token)));
    expect(s.accounts.sessions.size).toBe(0);
    const from = Date.parse((await s.users.get(user.id))!.sessions_valid_from!) / 1000;
    expect(authTime).toBeLessThan(from);
    expect(Math.floor(Date.now() / 1000)).toBeGreaterThanOrEqual(from);
    expect(Number.isInteger(from)).toBe(true);
  });

  test('also works exactly on a second', async () => {
    const userId = s.accounts.stored.get(email)!.userId;
    await endEverySession({ ...s, clock: () => new Date('2026-03-01T00:00:00.000Z') }, userId);
    expect((await s.users.get(userId))?.sessions_valid_from).toBe('2026-03-01T00:00:01.000Z');
  });
});

describe('profile and passwords', () => {
  test('changes the name, and the password only with the current one', async () => {
    const { access_token } = await s.login();
    const on = () => s.context(s.callerOf(access_token));
    expect(await s.call(s.handlers.updateProfile, { full_name: 'Ann B.' }, on())).toMatchObject({
      full_name: 'Ann B.',
    });
    const change = { current_password: 'Wrong-password-1', new_password: 'Another-one-12', full_name: 'X' };
    await expect(s.call(s.handlers.updateProfile, change, on())).rejects.toMatchObject({
      code: 'bad_credentials',
    });
    expect(await s.call(s.handlers.getProfile, {}, on())).toMatchObject({ full_name: 'Ann B.' });
    await s.call(s.handlers.updateProfile, { ...change, current_password: password }, on());
    await expect(s.login({ password: 'Another-one-12' })).resolves.toMatchObject({
      user: { full_name: 'X' },
    });
  });

  test('a changed password ends every session except this one', async () => {
    const [mine, other] = [await s.login(), await s.login()];
    const change = { current_password: password, new_password: 'Another-one-12' };
    await s.call(s.handlers.updateProfile, change, s.context(s.callerOf(mine.access_token)));
    const refresh = ({ refresh_token }: typeof mine) => s.call(s.handlers.refresh, { refresh_token });
    await expect(refresh(other)).rejects.toMatchObject({ code: 'refresh_token_invalid' });
    await expect(refresh(mine)).resolves.toMatchObject({ user: { email } });
    const later = await s.login({ password: 'Another-one-12' });
    await expect(refresh(later)).resolves.toBeDefined();
    // The next change comes from the new session: then the first one is another.
    const again = { current_password: 'Another-one-12', new_password: 'Third-password-3' };
    await s.call(s.handlers.updateProfile, again, s.context(s.callerOf(later.access_token)));
    await expect(refresh(mine)).rejects.toMatchObject({ code: 'refresh_token_invalid' });
    await expect(refresh(later)).resolves.toBeDefined();
  });

  test('a new name and a rejected password end no session', async () => {
    const [mine, other] = [await s.login(), await s.login()];
    const on = () => s.context(s.callerOf(mine.access_token));
    await s.call(s.handlers.updateProfile, { full_name: 'Ann' }, on());
    const wrong = { current_password: 'Wrong-password-1', new_password: 'Another-one-12' };
    await expect(s.call(s.handlers.updateProfile, wrong, on())).rejects.toThrow();
    const { refresh_token } = other;
    await expect(s.call(s.handlers.refresh, { refresh_token })).resolves.toBeDefined();
  });

  test('logging out everywhere ends the session that changed the password too', async () => {
    const mine = await s.login();
    const on = () => s.context(s.callerOf(mine.access_token));
    const change = { current_password: password, new_password: 'Another-one-12' };
    await s.call(s.handlers.updateProfile, change, on());
    await s.call(s.handlers.logout, { everywhere: true }, on());
    expect((await s.users.get(mine.user.id))?.kept_session).toBeUndefined();
  });

  test('a password reset ends all sessions', async () => {
    const { user } = await s.login();
    await s.call(s.handlers.resetPassword, { email, code: '123456', new_password: 'Another-one-12' });
    expect(s.accounts.sessions.size).toBe(0);
    expect((await s.users.get(user.id))?.sessions_valid_from).toBeDefined();
    await expect(
      s.call(s.handlers.resetPassword, { email, code: '0', new_password: 'Another-one-12' }),
    ).rejects.toMatchObject({ code: 'code_invalid' });
  });

  test('an unsigned token cannot read a profile', async () => {
    const stranger = s.callerOf(unsignedToken({ sub: newId(), origin_jti: 'x' }));
    await expect(s.call(s.handlers.getProfile, {}, s.context(stranger))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});
