import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keys } from '../../../../contracts/naming.ts';
import { authenticator, cognitoVerifier } from '../../../../lambdas/shared/http/authenticate.ts';
import type { Authenticator, VerifyToken } from '../../../../lambdas/shared/http/authenticate.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { userStore } from '../../../../lambdas/shared/stores/user-store.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { seconds, tokenForge } from '../../support/token-forge.ts';
import type { Forgery } from '../../support/token-forge.ts';

const user = newId();
let forge: Awaited<ReturnType<typeof tokenForge>>;
let verify: VerifyToken;
const token = (forgery?: Forgery) => forge.token(forgery);

beforeAll(async () => {
  forge = await tokenForge(user);
  verify = cognitoVerifier(forge.settings);
});
afterAll(() => forge.close());

let table: ReturnType<typeof memoryTable>;
let now: Date;
let authenticate: Authenticator;

beforeEach(async () => {
  table = memoryTable();
  now = new Date();
  authenticate = authenticator(table, verify, () => now);
  const at = now.toISOString();
  await userStore(table).create(
    {
      id: user,
      email: 'ann@example.com',
      user_type: 'agent',
      agent_name: 'agent-1',
      full_name: null,
      created_at: at,
      updated_at: at,
      is_active: true,
    },
    { id: newId(), fingerprint: '' },
  );
});

describe('a valid access token', () => {
  test('identifies its caller by the record', async () => {
    const accessToken = await token({ claims: { 'cognito:groups': ['admin'] } });
    expect(await authenticate(`Bearer ${accessToken}`)).toMatchObject({
      userId: user,
      role: 'agent',
      email: 'ann@example.com',
      originJti: 'origin-1',
      accessToken,
    });
  });

  test('of an unknown user is rejected, also in the session of a known one', async () => {
    await authenticate(`Bearer ${await token()}`);
    const stranger = await token({ claims: { sub: newId() } });
    await expect(authenticate(`Bearer ${stranger}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('an invalid access token', () => {
  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b'])(
    'in the header %j gets 401',
    async (header) => {
      await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated' });
    },
  );
});

test('is not assumed if the keys are unavailable', async () => {
  const lost = cognitoVerifier({ ...forge.settings, jwksUri: 'http://127.0.0.1:9/jwks.json' });
  const header = `Bearer ${await token()}`;
  await expect(authenticator(table, lost, () => now)(header)).rejects.toMatchObject({ code: 'unavailable' });
});

describe('a session ends by', () => {
  const cacheEnds = () => {
    now = new Date(now.getTime() + 31_000);
  };

  test('signing out, within a minute', async () => {
    const header = `Bearer ${await token()}`;
    await authenticate(header);
    await userStore(table).deny('origin-1', new Date(Date.now() + 3_600_000));
    cacheEnds();
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(
      authenticate(`Bearer ${await token({ claims: { origin_jti: 'origin-2' } })}`),
    ).resolves.toBeDefined();
  });

  test('signing out everywhere, if it began before that second', async () => {
    const from = seconds();
    await userStore(table).endSessions(user, new Date(from * 1000).toISOString(), now.toISOString());
    const of = (auth_time: number) => token({ claims: { auth_time, origin_jti: `o-${auth_time}` } });
    await expect(authenticate(`Bearer ${await of(from - 1)}`)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(authenticate(`Bearer ${await of(from)}`)).resolves.toBeDefined();
    await expect(authenticate(`Bearer ${await of(from + 1)}`)).resolves.toBeDefined();
  });

  test('a password change, if it began before and is not the one that changed it', async () => {
    const from = seconds();
    const instant = new Date(from * 1000).toISOString();
    await userStore(table).endSessions(user, instant, instant, 'origin-kept');
    const of = (origin_jti: string) => token({ claims: { auth_time: from - 60, origin_jti } });
    await expect(authenticate(`Bearer ${await of('origin-kept')}`)).resolves.toBeDefined();
    await expect(authenticate(`Bearer ${await of('origin-other')}`)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  test('disabling the user', async () => {
    const header = `Bearer ${await token()}`;
    await authenticate(header);
    await table.write({ update: keys.user(user), set: { is_active: false } });
    cacheEnds();
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'user_disabled' });
  });
});
