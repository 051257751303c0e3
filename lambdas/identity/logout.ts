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

/** Ends the caller's session, with or without its refresh token; with `everywhere`, all sessions. */
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
 * Tokens have the start of their session in whole seconds. Waits for the next second, so that all sessions until now are
 * older and all that begin after the answer are not.
 */
export async function endEverySession(deps: Dependencies, userId: string): Promise<void> {
  const from = await nextSecond(deps.clock);
  await deps.accounts.revokeAll(userId);
  await deps.users.endSessions(userId, from, deps.clock().toISOString());
}

/**
 * Ends all sessions of a user except one. Cognito can only revoke all refresh tokens or a given one, so those of the other
 * sessions stay valid there and are rejected here (docs/adr/0018).
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
