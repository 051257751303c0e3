import { JwtVerifier } from 'aws-jwt-verify';
import * as z from 'zod';
import { DukeError } from '../../../contracts/errors.ts';
import { User } from '../../../contracts/entities/user.ts';
import { keys } from '../../../contracts/naming.ts';
import type { Clock } from '../clock.ts';
import { sessionIsOver } from '../sessions.ts';
import { parseRecord } from '../stores/records.ts';
import type { Table } from '../stores/table.ts';
import type { Caller } from './caller.ts';
import { tokenKeys } from './token-keys.ts';

const AccessClaims = z.object({
  sub: z.uuid(),
  token_use: z.literal('access'),
  origin_jti: z.string().min(1),
  /** Start of the session, in seconds since 1970. */
  auth_time: z.number(),
  exp: z.number(),
});
export type AccessClaims = z.infer<typeof AccessClaims>;

/** Verifies signature, issuer, expiry, client and use of a token. @throws Error unless it is a valid access token */
export type VerifyToken = (token: string) => Promise<AccessClaims>;

export interface TokenSettings {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clientId: string;
}

/** Replaces the JWT authorizer of API Gateway, which accepts ID tokens too and does not answer with problem+json. */
export function cognitoVerifier(settings: TokenSettings): VerifyToken {
  const verifier = JwtVerifier.create(
    {
      issuer: settings.issuer,
      jwksUri: settings.jwksUri,
      audience: null, // Cognito's access tokens name the client in `client_id` instead
      customJwtCheck: ({ payload }) => {
        if (payload['client_id'] !== settings.clientId) throw new Error('token of another client');
      },
    },
    { jwksCache: tokenKeys() },
  );
  return async (token) => AccessClaims.parse(await verifier.verify(token));
}

/** Revocations and role changes take effect within this time (contract: 60 s). */
const CACHE_MS = 30_000;
const MAX_CACHED_TOKENS = 1000;

export interface Authenticator {
  (authorization: string | undefined): Promise<Caller>;
}

const refuse = (detail: string, cause?: unknown): never => {
  throw new DukeError('unauthenticated', detail, { cause });
};

/** The caller of a valid token whose session is not logged out and whose user is active. */
export function authenticator(table: Table, verify: VerifyToken, clock: Clock): Authenticator {
  const cache = new Map<string, { until: number; user: User | undefined; denied: boolean }>();

  const lookUp = async (claims: AccessClaims) => {
    const cached = cache.get(claims.origin_jti);
    const now = clock().getTime();
    if (cached && cached.until > now) return cached;
    const items = await table.getMany([keys.user(claims.sub), keys.denied(claims.origin_jti)]);
    const profile = items.find((item) => item['entity'] === 'user');
    const found = {
      until: now + CACHE_MS,
      user: profile && parseRecord(User, profile),
      denied: items.some((item) => item['entity'] === 'denied'),
    };
    if (cache.size >= MAX_CACHED_TOKENS) cache.clear();
    cache.set(claims.origin_jti, found);
    return found;
  };

  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return refuse('Send `Authorization: Bearer <access token>`.');
    const claims = await verify(token).catch((error: unknown) => {
      if (error instanceof DukeError) throw error;
      return refuse('The token is not a valid access token of this service.', error);
    });
    const { user, denied } = await lookUp(claims);
    if (!user) return refuse('The user of this token is not known.');
    const session = { originJti: claims.origin_jti, startedAt: claims.auth_time };
    if (denied || sessionIsOver(user, session)) return refuse('This session was logged out.');
    if (!user.is_active) throw new DukeError('user_disabled', 'Ask an administrator.');
    return {
      userId: user.id,
      role: user.user_type,
      email: user.email,
      originJti: claims.origin_jti,
      accessToken: token,
      expiresAt: claims.exp,
    };
  };
}
