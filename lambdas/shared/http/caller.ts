import type { UserRole } from '../../../contracts/entities/common.ts';

/** Who is calling, as the token and the user's record say. Without a name: no rule can compare one. */
export interface Caller {
  readonly userId: string;
  readonly role: UserRole;
  readonly email: string;
  /** Names the login session that the token came from; what logout denies. */
  readonly originJti: string;
  readonly accessToken: string;
  /** When the access token ends, seconds since 1970. */
  readonly expiresAt: number;
}
