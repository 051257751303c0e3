import type { Session } from '../../contracts/api/accounts.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { claimsOf, SESSION_LIFE, sessionOf } from './session.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
}

/** @throws DukeError bad_credentials, email_unconfirmed, user_disabled */
export async function login(
  { accounts, users, clock }: Dependencies,
  body: { email: string; password: string },
): Promise<Session> {
  const tokens = await accounts.signIn(body.email, body.password);
  const { sub, origin_jti, auth_time } = claimsOf(tokens.access);
  const user = await users.get(sub, { consistent: true });
  if (user?.is_active) {
    const until = new Date(clock().getTime() + SESSION_LIFE);
    await users.beginSession({ originJti: origin_jti, startedAt: auth_time }, until);
    return sessionOf(tokens, user);
  }
  if (tokens.refresh !== undefined) await accounts.revoke(tokens.refresh);
  throw user
    ? new DukeError('user_disabled', 'Ask an administrator.')
    : new DukeError(
        'email_unconfirmed',
        'The registration was interrupted: register again with the same e-mail and password.',
      );
}
