import type { Clock } from '../shared/clock.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { endEverySession } from './logout.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
}

/** Resets the password and ends all sessions. @throws DukeError code_invalid */
export async function resetPassword(
  deps: Dependencies,
  body: { email: string; code: string; new_password: string },
): Promise<void> {
  await deps.accounts.resetPassword(body.email, body.code, body.new_password);
  const account = await deps.accounts.find(body.email);
  if (account && (await deps.users.get(account.userId, { consistent: true })))
    await endEverySession(deps, account.userId);
}
