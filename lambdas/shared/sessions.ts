import type { User } from '../../contracts/entities/user.ts';

export interface LoginSession {
  /** Shared by all tokens of one login. */
  readonly originJti: string;
  /** Time of the login, in seconds since 1970. */
  readonly startedAt: number;
}

/**
 * Whether all sessions of the user were ended after this one began. A change of the password keeps only the session
 * that made it.
 */
export function sessionIsOver(
  user: Pick<User, 'sessions_valid_from' | 'kept_session'>,
  { originJti, startedAt }: LoginSession,
): boolean {
  if (user.sessions_valid_from === undefined || user.kept_session === originJti) return false;
  return startedAt < Date.parse(user.sessions_valid_from) / 1000;
}
