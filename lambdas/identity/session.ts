import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import * as z from 'zod';
import type { Profile, Session } from '../../contracts/api/accounts.ts';
import type { User } from '../../contracts/entities/user.ts';
import { HOUR } from '../shared/clock.ts';
import type { Tokens } from './accounts.ts';

const Claims = z.object({
  sub: z.uuid(),
  origin_jti: z.string().min(1),
  /** Start of the session of this token, in seconds since 1970. */
  auth_time: z.number(),
});

/** User and session of a token. Does not verify its signature, since it comes directly from Cognito. */
export const claimsOf = (accessToken: string): z.infer<typeof Claims> =>
  Claims.parse(decomposeUnverifiedJwt(accessToken).payload);

export const profileOf = ({
  updated_at: _1,
  sessions_valid_from: _2,
  kept_session: _3,
  ...profile
}: User): Profile => profile;

/** Lifetime of a refresh token (lib/identity/user-directory.ts: 30 days) plus that of the last access token made with it. */
export const SESSION_LIFE = 31 * 24 * HOUR;

export const sessionOf = (tokens: Tokens, user: User): Session => ({
  access_token: tokens.access,
  id_token: tokens.id,
  ...(tokens.refresh !== undefined && { refresh_token: tokens.refresh }),
  token_type: 'Bearer',
  expires_in: tokens.expiresIn,
  user: profileOf(user),
});
