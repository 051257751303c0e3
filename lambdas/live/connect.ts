import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../shared/clock.ts';
import { logger } from '../shared/logger.ts';
import type { Connections } from './connections.ts';
import type { RoleOf } from './role-of.ts';
import type { Sender } from './sender.ts';
import type { Tickets } from './tickets.ts';

export interface ConnectDependencies {
  readonly tickets: Tickets;
  readonly connections: Connections;
  readonly roleOf: RoleOf;
  readonly sender: Sender;
  readonly clock: Clock;
}

/**
 * Opens a connection for the holder of a ticket. Its record is written before the gateway accepts, so that a
 * connected client gets every later event.
 * @returns false if the ticket is not valid
 */
export async function connect(
  deps: ConnectDependencies,
  connectionId: string,
  ticket: string | undefined,
): Promise<boolean> {
  const now = deps.clock();
  const session = ticket === undefined ? undefined : await deps.tickets.redeem(ticket, now);
  if (!session || (await deps.roleOf(session)) === undefined) return false;
  await deps.connections.add({
    ...session,
    connection_id: connectionId,
    connected_at: now.toISOString(),
  });
  await closeOldest(deps, session.user_id);
  return true;
}

/** Enforces the limit per user. The oldest connections are closed, since some of them may be dead. */
async function closeOldest({ connections, sender }: ConnectDependencies, userId: string): Promise<void> {
  const open = await connections.of(userId);
  const tooMany = open.slice(0, Math.max(0, open.length - LIMITS.liveConnections.value));
  for (const connection of tooMany) {
    await connections.remove(connection);
    await sender.close(connection.connection_id);
    logger.info('live connection closed for a newer one', { user_id: userId });
  }
}

/** Removes a closed connection. */
export async function disconnect(connections: Connections, connectionId: string): Promise<void> {
  const user_id = await connections.ownerOf(connectionId);
  if (user_id !== undefined) await connections.remove({ user_id, connection_id: connectionId });
}
