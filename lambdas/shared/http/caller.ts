import type { UserRole } from '../../../contracts/entities/common.ts';

/**
 * The caller, from the token and the user's record. It has no name, so that no authorization rule can depend on one.
 */
export interface Caller {
  readonly userId: string;
  readonly role: UserRole;
  readonly email: string;
  /** Id of the login session, which logout revokes. */
  readonly originJti: string;
  /** Start of that session, in seconds since 1970. */
  readonly sessionStartedAt: number;
  readonly accessToken: string;
  /** Expiry of the access token, in seconds since 1970. */
  readonly expiresAt: number;
}
