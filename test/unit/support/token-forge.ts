import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { JWTHeaderParameters } from 'jose';
import type { TokenSettings } from '../../../lambdas/shared/http/authenticate.ts';
import { newId } from '../../../lambdas/shared/ids.ts';

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'] | Uint8Array;
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Partial<JWTHeaderParameters>>;
  readonly key?: Key;
}

export const seconds = (): number => Math.floor(Date.now() / 1000);
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const extractable = { extractable: true };

/** An issuer of tokens on this machine, with its keys, and somebody with a key of their own. */
export async function tokenForge(userId: string) {
  const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool';
  const clientId = 'client';
  const good = await generateKeyPair('RS256', extractable);
  const evil = await generateKeyPair('RS256', extractable);
  const evilCurve = await generateKeyPair('ES256', extractable);
  const jwk = { ...(await exportJWK(good.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const settings: TokenSettings = { issuer, clientId, jwksUri: `http://127.0.0.1:${port}/jwks.json` };

  const token = ({ claims = {}, header = {}, key = good.privateKey }: Forgery = {}): Promise<string> =>
    new SignJWT({
      sub: userId,
      iss: issuer,
      token_use: 'access',
      client_id: clientId,
      origin_jti: 'origin-1',
      auth_time: seconds(),
      iat: seconds(),
      exp: seconds() + 3600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header })
      .sign(key);

  return {
    settings,
    token,
    close: () => server.close(),
    /** Tokens that no route may take, each with what is wrong with it. */
    async forgeries(): Promise<readonly (readonly [what: string, token: string])[]> {
      const cases = [
        ...wrongClaims(),
        ...wrongKeys({
          evil: evil.privateKey,
          evilCurve: evilCurve.privateKey,
          evilJwk: await exportJWK(evil.publicKey),
          publicTexts: [JSON.stringify(jwk), await exportSPKI(good.publicKey)],
        }),
      ];
      const signed = await Promise.all(
        cases.map(async ([what, forgery]) => [what, await token(forgery)] as const),
      );
      return [...signed, ...tampered(await token())];
    },
  };
}

type Case = readonly [what: string, forgery: Forgery];

/** Values of no claim: other types, and nothing. */
const NO_TEXT = [undefined, null, 0, true, '', [], {}] as const;
const NO_TIME = [undefined, null, '', '4000000000', [], {}] as const;

/** Signed with the right key, as if the issuer had been talked into it. */
function wrongClaims(): Case[] {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    sub: [...NO_TEXT, newId(), '../x', ['not-one']],
    iss: [
      ...NO_TEXT,
      'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other',
      'https://evil.test',
    ],
    token_use: [...NO_TEXT, 'id', 'refresh', 'ACCESS', ['access']],
    client_id: [...NO_TEXT, 'other', ['client']],
    origin_jti: NO_TEXT,
    auth_time: NO_TIME,
    exp: [...NO_TIME, 0, -1, seconds() - 1].filter(
      (value) => typeof value === 'number' || value === undefined,
    ),
    nbf: [seconds() + 86_400],
  };
  return Object.entries(values).flatMap(([claim, wrong]) =>
    wrong.map((value): Case => [`${claim}: ${JSON.stringify(value)}`, { claims: { [claim]: value } }]),
  );
}

interface Keys {
  readonly evil: Key;
  readonly evilCurve: Key;
  readonly evilJwk: object;
  /** The public key, as texts that somebody may take for a shared secret. */
  readonly publicTexts: readonly string[];
}

function wrongKeys({ evil, evilCurve, evilJwk, publicTexts }: Keys): Case[] {
  const foreign: Case[] = [
    ['another key', { key: evil }],
    ['another key, for an administrator', { key: evil, claims: { 'cognito:groups': ['admin'] } }],
    ['a key that it brings itself', { key: evil, header: { jwk: evilJwk } }],
    ['a key set that it names', { key: evil, header: { jku: 'https://evil.test/jwks.json' } }],
    ['a certificate that it names', { key: evil, header: { x5u: 'https://evil.test/cert.pem' } }],
    ['a curve', { key: evilCurve, header: { alg: 'ES256' } }],
    ...['key-2', '', '../../../dev/null', "key-1' OR '1'='1", '__proto__', 'constructor'].map((kid): Case => [
      `kid ${JSON.stringify(kid)}`,
      { header: { kid } },
    ]),
  ];
  const confused = publicTexts.flatMap((text) =>
    ['HS256', 'HS384', 'HS512'].map((alg): Case => [
      `${alg} with the public key as its secret`,
      { header: { alg }, key: new TextEncoder().encode(text.padEnd(64, ' ')) },
    ]),
  );
  return [...foreign, ...confused];
}

/** A good token, changed after it was signed. */
function tampered(good: string): (readonly [string, string])[] {
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const flipped = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  const places = Array.from({ length: 12 }, (_, i) => Math.floor((i * (signature.length - 2)) / 12));
  return [
    ...places.map(
      (at) => [`signature changed at ${at}`, `${header}.${payload}.${flipped(signature, at)}`] as const,
    ),
    ...['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
      [`algorithm "${alg}", unsigned`, `${base64({ alg, kid: 'key-1' })}.${payload}.`] as const,
      [`algorithm "${alg}", signed`, `${base64({ alg, kid: 'key-1' })}.${payload}.${signature}`] as const,
    ]),
    ...[
      { exp: 4_000_000_000 },
      { sub: newId() },
      { 'cognito:groups': ['admin'] },
      { auth_time: 4_000_000_000 },
    ].map(
      (change) =>
        [
          `claims changed: ${JSON.stringify(change)}`,
          `${header}.${base64({ ...claims, ...change })}.${signature}`,
        ] as const,
    ),
    ['no signature', `${header}.${payload}.`],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.${signature}`],
    ['half a signature', `${header}.${payload}.${signature.slice(0, 100)}`],
    ['parts in another order', `${payload}.${header}.${signature}`],
    ['no JSON', 'a.b.c'],
    ['nothing', ''],
    ['a space in it', good.replace('.', ' .')],
    ['two tokens', `${good} ${good}`],
  ];
}
