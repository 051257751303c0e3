import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../shared/clock.ts';
import { HOUR } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Accounts } from './accounts.ts';

interface Dependencies {
  readonly accounts: Accounts;
  readonly users: UserStore;
  readonly clock: Clock;
}

/** Longest life of a refresh token (lib/identity/user-directory.ts: 30 days), and of an access token made by it. */
const SESSION_LIFE = 31 * 24 * HOUR;

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
export async function endEverySession(
  { accounts, users, clock }: Dependencies,
  userId: string,
): Promise<void> {
  const from = Math.ceil((clock().getTime() + 1) / 1000) * 1000;
  await sleep(from - clock().getTime());
  await accounts.revokeAll(userId);
  await users.endSessions(userId, new Date(from).toISOString(), clock().toISOString());
}
