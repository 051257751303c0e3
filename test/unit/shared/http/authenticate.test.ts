import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTHeaderParameters } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keys } from '../../../../contracts/naming.ts';
import { authenticator, cognitoVerifier } from '../../../../lambdas/shared/http/authenticate.ts';
import type { Authenticator, VerifyToken } from '../../../../lambdas/shared/http/authenticate.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { userStore } from '../../../../lambdas/shared/stores/user-store.ts';
import { memoryTable } from '../../support/memory-table.ts';

const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool';
const clientId = 'client';
const user = newId();

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let good: KeyPair;
let evil: KeyPair;
let verify: VerifyToken;
let close: () => void;

beforeAll(async () => {
  good = await generateKeyPair('RS256', { extractable: true });
  evil = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(good.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  close = () => server.close();
  verify = cognitoVerifier({ issuer, clientId, jwksUri: `http://127.0.0.1:${port}/jwks.json` });
});
afterAll(() => close());

const seconds = () => Math.floor(Date.now() / 1000);
interface Forgery {
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  key?: KeyPair['privateKey'] | Uint8Array;
}
function token({ claims = {}, header = {}, key = good.privateKey }: Forgery = {}): Promise<string> {
  const all = {
    sub: user,
    iss: issuer,
    token_use: 'access',
    client_id: clientId,
    origin_jti: 'origin-1',
    auth_time: seconds(),
    iat: seconds(),
    exp: seconds() + 3600,
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(key);
}
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

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

describe('a good access token', () => {
  test('names its caller by the record', async () => {
    const accessToken = await token({ claims: { 'cognito:groups': ['admin'] } });
    expect(await authenticate(`Bearer ${accessToken}`)).toMatchObject({
      userId: user,
      role: 'agent',
      email: 'ann@example.com',
      originJti: 'origin-1',
      accessToken,
    });
  });

  test('of nobody we know is refused', async () => {
    const stranger = await token({ claims: { sub: newId() } });
    await expect(authenticate(`Bearer ${stranger}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('forgeries', () => {
  const forged: [string, () => Promise<string>][] = [
    ['an ID token', () => token({ claims: { token_use: 'id', aud: clientId } })],
    ['an expired one', () => token({ claims: { exp: seconds() - 1 } })],
    ['one that begins tomorrow', () => token({ claims: { nbf: seconds() + 86_400 } })],
    ['another client', () => token({ claims: { client_id: 'other' } })],
    ['no client', () => token({ claims: { client_id: undefined } })],
    ['another issuer', () => token({ claims: { iss: `${issuer}x` } })],
    ['another key', () => token({ key: evil.privateKey })],
    ['another kid', () => token({ header: { kid: 'key-2' } })],
    ['no session', () => token({ claims: { origin_jti: undefined } })],
    ['a subject that is no id', () => token({ claims: { sub: '../x' } })],
    [
      'HMAC with the public key',
      async () =>
        token({
          header: { alg: 'HS256' },
          key: new TextEncoder().encode(JSON.stringify(await exportJWK(good.publicKey))),
        }),
    ],
    [
      'no signature',
      async () => `${base64({ alg: 'none', kid: 'key-1' })}.${(await token()).split('.')[1]}.`,
    ],
    [
      'changed claims',
      async () => {
        const [header, , signature] = (await token()).split('.');
        return [header, base64({ sub: user, iss: issuer, token_use: 'access' }), signature].join('.');
      },
    ],
    [
      'a key that it brings itself',
      async () => token({ header: { jwk: await exportJWK(evil.publicKey) }, key: evil.privateKey }),
    ],
    ['nonsense', async () => 'a.b.c'],
  ];
  test.each(forged)('%s is 401', async (_, forge) => {
    await expect(authenticate(`Bearer ${await forge()}`)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b'])(
    'header %j is 401',
    async (header) => {
      await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated' });
    },
  );
});

test('keys that cannot be had are no fault of the token', async () => {
  const lost = cognitoVerifier({ issuer, clientId, jwksUri: 'http://127.0.0.1:9/jwks.json' });
  const header = `Bearer ${await token()}`;
  await expect(authenticator(table, lost, () => now)(header)).rejects.toMatchObject({ code: 'unavailable' });
});

describe('what ends a session', () => {
  const cacheEnds = () => {
    now = new Date(now.getTime() + 31_000);
  };

  test('logging it out, within the minute', async () => {
    const header = `Bearer ${await token()}`;
    await authenticate(header);
    await userStore(table).deny('origin-1', new Date(Date.now() + 3_600_000));
    cacheEnds();
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(
      authenticate(`Bearer ${await token({ claims: { origin_jti: 'origin-2' } })}`),
    ).resolves.toBeDefined();
  });

  test('logging out everywhere: what began before, not what began at that second or later', async () => {
    const from = seconds();
    await userStore(table).endSessions(user, new Date(from * 1000).toISOString(), now.toISOString());
    const of = (auth_time: number) => token({ claims: { auth_time, origin_jti: `o-${auth_time}` } });
    await expect(authenticate(`Bearer ${await of(from - 1)}`)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(authenticate(`Bearer ${await of(from)}`)).resolves.toBeDefined();
    await expect(authenticate(`Bearer ${await of(from + 1)}`)).resolves.toBeDefined();
  });

  test('a password changed elsewhere: all that began before but the session that changed it', async () => {
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
