import { DukeError } from '../../contracts/errors.ts';
import { keys } from '../../contracts/naming.ts';
import type { Clock } from '../shared/clock.ts';
import { DAY, HOUR, MINUTE } from '../shared/clock.ts';
import { plainText, sha256 } from '../shared/ids.ts';
import { record, ttlSeconds } from '../shared/stores/records.ts';
import type { Item, Table } from '../shared/stores/table.ts';

/**
 * Delays after failed logins, per account and address: whoever guesses from one address does not lock the owner out at
 * another. An address that fails for many accounts waits too, except for accounts that have logged in from it before
 * (docs/adr/0041).
 */
export interface LoginGuard {
  /** Runs a login, and counts it if it fails with `bad_credentials`. @throws DukeError throttled */
  guard<T>(email: string, address: string, login: () => Promise<T>): Promise<T>;
}

interface Policy {
  /** Failures without a delay. */
  readonly free: number;
  readonly firstDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** Failures older than this do not count. */
  readonly memoryMs: number;
}

/** Grows faster than Cognito's own delay for an account (1 s after five failures, then doubling), so that it stays short. */
const PAIR: Policy = { free: 3, firstDelayMs: 1000, factor: 4, maxDelayMs: 15 * MINUTE, memoryMs: DAY };
const ADDRESS: Policy = { free: 30, firstDelayMs: 1000, factor: 2, maxDelayMs: 15 * MINUTE, memoryMs: HOUR };
/** How long an account is remembered to have logged in from an address. */
const KNOWN_MS = 30 * DAY;

/** When the next attempt is allowed, in milliseconds since 1970. */
function allowedFrom(item: Item | undefined, policy: Policy, now: number): number {
  const last = Number(item?.['last_failed_at'] ?? 0);
  const failures = Number(item?.['failures'] ?? 0);
  if (failures < policy.free || last + policy.memoryMs < now) return 0;
  return last + Math.min(policy.maxDelayMs, policy.firstDelayMs * policy.factor ** (failures - policy.free));
}

export function loginGuard(table: Table, clock: Clock): LoginGuard {
  const keyOf = (...parts: readonly string[]) => keys.loginAttempts(sha256(JSON.stringify(parts)));

  const countFailure = async (key: ReturnType<typeof keyOf>, before: Item | undefined, policy: Policy) => {
    const now = clock().getTime();
    const old = Number(before?.['last_failed_at'] ?? 0) + policy.memoryMs < now;
    const ttl = ttlSeconds(new Date(now + (before?.['known'] === true ? KNOWN_MS : policy.memoryMs)));
    const set = { entity: 'login_attempts', last_failed_at: now, ttl };
    await table.write(
      old ? { update: key, set: { ...set, failures: 1 } } : { update: key, set, add: { failures: 1 } },
    );
  };

  const rememberSuccess = async (key: ReturnType<typeof keyOf>, before: Item | undefined) => {
    const ttl = ttlSeconds(new Date(clock().getTime() + KNOWN_MS));
    // Renewed daily: an ordinary login writes nothing.
    const isRemembered =
      before?.['known'] === true &&
      before['failures'] === undefined &&
      Number(before['ttl']) > ttl - DAY / 1000;
    if (!isRemembered) await table.write({ put: { ...record('login_attempts', key, { known: true }), ttl } });
  };

  return {
    async guard(email, address, login) {
      const keyOfPair = keyOf(plainText(email), address);
      const keyOfAddress = keyOf(address);
      const now = clock().getTime();
      const items = await table.getMany([keyOfPair, keyOfAddress], { consistent: true });
      const pair = items.find(({ pk }) => pk === keyOfPair.pk);
      const all = items.find(({ pk }) => pk === keyOfAddress.pk);
      const from = Math.max(
        allowedFrom(pair, PAIR, now),
        pair?.['known'] === true ? 0 : allowedFrom(all, ADDRESS, now),
      );
      if (from > now) {
        throw new DukeError('throttled', 'Too many failed logins. Wait before the next one.', {
          retryAfter: Math.ceil((from - now) / 1000),
        });
      }
      try {
        const session = await login();
        await rememberSuccess(keyOfPair, pair);
        return session;
      } catch (error) {
        if (error instanceof DukeError && error.code === 'bad_credentials') {
          await Promise.all([countFailure(keyOfPair, pair, PAIR), countFailure(keyOfAddress, all, ADDRESS)]);
        }
        throw error;
      }
    },
  };
}
