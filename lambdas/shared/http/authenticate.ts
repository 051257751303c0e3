import { JwtVerifier } from 'aws-jwt-verify';
import * as z from 'zod';
import { DukeError } from '../../../contracts/errors.ts';
import type { Clock } from '../clock.ts';
import { sessionReader } from '../session-reader.ts';
import { sessionIsOver } from '../sessions.ts';
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

export interface Authenticator {
  (authorization: string | undefined): Promise<Caller>;
}

const refuse = (detail: string, cause?: unknown): never => {
  throw new DukeError('unauthenticated', detail, { cause });
};

/** The caller of a valid token whose session is not logged out and whose user is active. */
export function authenticator(table: Table, verify: VerifyToken, clock: Clock): Authenticator {
  const readSession = sessionReader(table, clock);

  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return refuse('Send `Authorization: Bearer <access token>`.');
    const claims = await verify(token).catch((error: unknown) => {
      if (error instanceof DukeError) throw error;
      return refuse('The token is not a valid access token of this service.', error);
    });
    const { user, denied } = await readSession(claims.sub, claims.origin_jti);
    if (!user) return refuse('The user of this token is not known.');
    const session = { originJti: claims.origin_jti, startedAt: claims.auth_time };
    if (denied || sessionIsOver(user, session)) return refuse('This session was logged out.');
    if (!user.is_active) throw new DukeError('user_disabled', 'Ask an administrator.');
    return {
      userId: user.id,
      role: user.user_type,
      email: user.email,
      originJti: claims.origin_jti,
      sessionStartedAt: claims.auth_time,
      accessToken: token,
      expiresAt: claims.exp,
    };
  };
}
