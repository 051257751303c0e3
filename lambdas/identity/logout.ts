import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';
import { SESSION_LIFE } from './session.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
}

/** Ends the caller's session, refresh token or not; with `everywhere` all of them. */
export async function logout(
  deps: Dependencies,
  caller: Caller,
  request: { refreshToken: string | undefined; everywhere: boolean },
): Promise<void> {
  const { accounts, users, clock } = deps;
  await users.deny(caller.originJti, new Date(clock().getTime() + SESSION_LIFE));
  if (request.refreshToken !== undefined) await accounts.revoke(request.refreshToken);
  if (request.everywhere) await endEverySession(deps, caller.userId);
}

/**
 * Tokens date their session by the second, so this waits for the next one to begin: every session until now is older
 * than it, and none that begins after the answer is.
 */
export async function endEverySession(deps: Dependencies, userId: string): Promise<void> {
  const from = await nextSecond(deps.clock);
  await deps.accounts.revokeAll(userId);
  await deps.users.endSessions(userId, from, deps.clock().toISOString());
}

/**
 * Ends every session of a user but one. Cognito revokes all refresh tokens or the one at hand, so those of the others
 * stay alive there, and are refused here (docs/adr/0018).
 */
export async function endOtherSessions(
  { users, clock }: Omit<Dependencies, 'accounts'>,
  userId: string,
  kept: string,
): Promise<void> {
  await users.endSessions(userId, await nextSecond(clock), clock().toISOString(), kept);
}

async function nextSecond(clock: Clock): Promise<string> {
  const from = Math.ceil((clock().getTime() + 1) / 1000) * 1000;
  await sleep(from - clock().getTime());
  return new Date(from).toISOString();
}
