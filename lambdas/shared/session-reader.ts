import { User } from '../../contracts/entities/user.ts';
import { keys } from '../../contracts/naming.ts';
import type { Clock } from './clock.ts';
import { parseRecord } from './stores/records.ts';
import type { Table } from './stores/table.ts';

/** Revocations and role changes take effect within this time (contract: 60 s). */
const CACHE_MS = 30_000;
const MAX_CACHED_SESSIONS = 1000;

export interface SessionState {
  /** Undefined if there is no such user. */
  readonly user: User | undefined;
  /** Whether this session was logged out. */
  readonly denied: boolean;
}

/** Reads the user of a session and whether it was logged out; at most 30 seconds old. */
export type ReadSession = (userId: string, originJti: string) => Promise<SessionState>;

export function sessionReader(table: Table, clock: Clock): ReadSession {
  const cache = new Map<string, SessionState & { until: number }>();
  return async (userId, originJti) => {
    const session = `${userId} ${originJti}`;
    const cached = cache.get(session);
    const now = clock().getTime();
    if (cached && cached.until > now) return cached;
    const items = await table.getMany([keys.user(userId), keys.denied(originJti)]);
    const profile = items.find((item) => item['entity'] === 'user');
    const found = {
      until: now + CACHE_MS,
      user: profile && parseRecord(User, profile),
      denied: items.some((item) => item['entity'] === 'denied'),
    };
    if (cache.size >= MAX_CACHED_SESSIONS) cache.clear();
    cache.set(session, found);
    return found;
  };
}
