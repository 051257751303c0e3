import type { LiveConnection, LiveEvent, LiveNews } from '../../contracts/entities/live.ts';
import type { Clock } from '../shared/clock.ts';
import { MINUTE } from '../shared/clock.ts';
import { logger } from '../shared/logger.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import type { Connections } from './connections.ts';
import type { EventLog } from './event-log.ts';
import { addressed, maySee } from './readers.ts';
import type { Reported } from './readers.ts';
import type { RoleOf } from './role-of.ts';
import type { Sender } from './sender.ts';

export interface PushDependencies {
  readonly events: EventLog;
  readonly connections: Connections;
  readonly roleOf: RoleOf;
  readonly users: Pick<UserStore, 'admins'>;
  readonly sender: Sender;
  readonly clock: Clock;
}

/** The gateway accepts messages for a connection only after the connect handler has returned. */
const OPENING_MS = 10_000;
/** Administrators change rarely, so their list is cached. */
const ADMINS_CACHED_MS = MINUTE;

/**
 * Numbers events for each of their readers, then sends them to the open connections of each. Events are stored before
 * they are sent: a reader who misses a message notices the gap and reads it by its number.
 */
export function pusher(deps: PushDependencies): (reported: readonly Reported[]) => Promise<void> {
  const admins = cachedAdmins(deps);
  return async (reported) => {
    const byReader = new Map<string, LiveNews[]>();
    for (const event of reported) {
      const { news, users, role } = addressed(event);
      const readers = role === 'admin' ? [...users, ...(await admins())] : users;
      for (const reader of readers) byReader.set(reader, [...(byReader.get(reader) ?? []), news]);
    }
    await Promise.all([...byReader].map(([reader, news]) => tell(deps, reader, news)));
  };
}

function cachedAdmins({ users, clock }: PushDependencies): () => Promise<readonly string[]> {
  let cachedAdmins: { readonly ids: readonly string[]; readonly until: number } | undefined;
  return async () => {
    const now = clock().getTime();
    if (!cachedAdmins || cachedAdmins.until <= now)
      cachedAdmins = { ids: await users.admins(), until: now + ADMINS_CACHED_MS };
    return cachedAdmins.ids;
  };
}

async function tell(deps: PushDependencies, userId: string, news: readonly LiveNews[]): Promise<void> {
  const events = await deps.events.append(userId, news, deps.clock());
  const open = await deps.connections.of(userId);
  await Promise.all(open.map((connection) => deliver(deps, connection, events)));
}

async function deliver(
  deps: PushDependencies,
  connection: LiveConnection,
  events: readonly LiveEvent[],
): Promise<void> {
  const { connections, sender, roleOf, clock } = deps;
  const role = await roleOf(connection);
  if (role === undefined) return close(deps, connection);
  try {
    for (const event of events.filter((event) => maySee(role, event))) {
      if (await sender.send(connection.connection_id, JSON.stringify(event))) continue;
      const age = clock().getTime() - Date.parse(connection.connected_at);
      if (age > OPENING_MS) await connections.remove(connection);
      return;
    }
  } catch (error) {
    // The client reconnects and requests the events it missed.
    logger.warn('live event not sent', { error: error as Error, user_id: connection.user_id });
    await close(deps, connection);
  }
}

/** Closes a connection whose session has ended or that the gateway cannot reach. */
async function close({ connections, sender }: PushDependencies, connection: LiveConnection): Promise<void> {
  await connections.remove(connection);
  try {
    await sender.close(connection.connection_id);
  } catch (error) {
    // It receives nothing further, and the gateway closes it after two hours.
    logger.warn('live connection not closed', { error: error as Error, user_id: connection.user_id });
  }
}
