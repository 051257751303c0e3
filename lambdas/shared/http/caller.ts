import type { UserRole } from '../../../contracts/entities/common.ts';

/** Who is calling, as the token and the user's record say. */
export interface Caller {
  readonly userId: string;
  readonly role: UserRole;
  readonly email: string;
  readonly agentName: string | undefined;
  /** Names the login session that the token came from; what logout denies. */
  readonly originJti: string;
  readonly accessToken: string;
  /** When the access token ends, seconds since 1970. */
  readonly expiresAt: number;
}
