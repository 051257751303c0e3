import type { User } from '../../contracts/entities/user.ts';

export interface LoginSession {
  /** The same in every token of one login. */
  readonly originJti: string;
  /** When the login was, seconds since 1970. */
  readonly startedAt: number;
}

/**
 * Whether a session was ended together with all others of its user. The one from which a password was changed went on,
 * although it is older than the change.
 */
export function sessionIsOver(
  user: Pick<User, 'sessions_valid_from' | 'kept_session'>,
  { originJti, startedAt }: LoginSession,
): boolean {
  if (user.sessions_valid_from === undefined || user.kept_session === originJti) return false;
  return startedAt < Date.parse(user.sessions_valid_from) / 1000;
}
