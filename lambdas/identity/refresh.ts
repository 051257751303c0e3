import type { Session } from '../../contracts/api/identity.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { claimsOf, sessionOf } from './session.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
}

/** @throws DukeError refresh_token_invalid, user_disabled */
export async function refresh(
  { accounts, users }: Dependencies,
  refreshToken: string | undefined,
): Promise<Session> {
  if (refreshToken === undefined) {
    throw new DukeError('refresh_token_invalid', 'Send it in the body or as the cookie, or log in again.');
  }
  const tokens = await accounts.refresh(refreshToken);
  const { sub, origin_jti } = claimsOf(tokens.access);
  const [user, denied] = await Promise.all([
    users.get(sub, { consistent: true }),
    users.isDenied(origin_jti),
  ]);
  // A session can be logged out without its refresh token at hand.
  if (!user || denied) throw new DukeError('refresh_token_invalid', 'Log in again.');
  if (!user.is_active) throw new DukeError('user_disabled', 'Ask an administrator.');
  return sessionOf({ refresh: refreshToken, ...tokens }, user);
}
