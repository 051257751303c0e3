import type { Session } from '../../contracts/api/identity.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { claimsOf, sessionOf } from './session.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
}

/** @throws DukeError bad_credentials, email_unconfirmed, user_disabled */
export async function login(
  { accounts, users }: Dependencies,
  body: { email: string; password: string },
): Promise<Session> {
  const tokens = await accounts.signIn(body.email, body.password);
  const user = await users.get(claimsOf(tokens.access).sub, { consistent: true });
  if (user?.is_active) return sessionOf(tokens, user);
  if (tokens.refresh !== undefined) await accounts.revoke(tokens.refresh);
  throw user
    ? new DukeError('user_disabled', 'Ask an administrator.')
    : new DukeError(
        'email_unconfirmed',
        'The registration was interrupted: register again with the same e-mail and password.',
      );
}
