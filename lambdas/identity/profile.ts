import type { Profile } from '../../contracts/api/accounts.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { endOtherSessions } from './logout.ts';
import { profileOf } from './session.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
}

export interface ProfileChange {
  readonly full_name?: string | null | undefined;
  readonly current_password?: string | undefined;
  readonly new_password?: string | undefined;
}

export async function getProfile({ users }: Pick<Dependencies, 'users'>, caller: Caller): Promise<Profile> {
  const user = await users.get(caller.userId, { consistent: true });
  if (!user) throw new DukeError('unauthenticated', 'The user of this token is not known.');
  return profileOf(user);
}

/**
 * Changes the password, first of all, so that nothing changes if it is rejected. Ends all other sessions, as after a reset.
 * @throws DukeError bad_credentials, validation_failed
 */
export async function updateProfile(
  { accounts, users, clock }: Dependencies,
  caller: Caller,
  change: ProfileChange,
): Promise<Profile> {
  if (change.current_password !== undefined && change.new_password !== undefined) {
    await accounts.changePassword(caller.accessToken, change.current_password, change.new_password);
    await endOtherSessions({ users, clock }, caller.userId, caller.originJti);
  }
  if (change.full_name !== undefined) {
    await users.rename(caller.userId, change.full_name, clock().toISOString());
  }
  return getProfile({ users }, caller);
}
