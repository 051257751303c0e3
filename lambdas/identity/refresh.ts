import type { Session } from '../../contracts/api/accounts.ts';
import { DukeError } from '../../contracts/errors.ts';
import { sessionIsOver } from '../shared/sessions.ts';
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
  const { sub, origin_jti: originJti, auth_time } = claimsOf(tokens.access);
  const [user, denied, start] = await Promise.all([
    users.get(sub, { consistent: true }),
    users.isDenied(originJti),
    users.sessionStart(originJti),
  ]);
  // A session can be ended without its refresh token, which Cognito does not know. The stored time of the login takes
  // precedence over the token, whose time some pools renew at each refresh.
  const over = !user || denied || sessionIsOver(user, { originJti, startedAt: start ?? auth_time });
  if (over) throw new DukeError('refresh_token_invalid', 'Log in again.');
  if (!user.is_active) throw new DukeError('user_disabled', 'Ask an administrator.');
  return sessionOf({ refresh: refreshToken, ...tokens }, user);
}
