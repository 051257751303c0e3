import { LiveConnection } from '../../contracts/entities/live.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { CONNECTION_PREFIX, keys } from '../../contracts/naming.ts';
import { HOUR } from '../shared/clock.ts';
import { parseRecord, record, ttlSeconds } from '../shared/stores/records.ts';
import { succeeds } from '../shared/stores/table.ts';
import type { Table } from '../shared/stores/table.ts';

/** API Gateway closes a connection after two hours; an orphaned record expires soon after. */
const LIFETIME = 3 * HOUR;
/** Exceeds the limit per user, to include connections that are being opened. */
const MAX_READ = 5 * LIMITS.liveConnections.value;

export interface Connections {
  add(connection: LiveConnection): Promise<void>;
  /** Connections of one user, oldest first. */
  of(userId: string): Promise<LiveConnection[]>;
  remove(connection: Pick<LiveConnection, 'user_id' | 'connection_id'>): Promise<void>;
  /** The user of a connection. */
  ownerOf(connectionId: string): Promise<string | undefined>;
}

export function connections(table: Table): Connections {
  return {
    async add(connection) {
      const { user_id, connection_id, connected_at } = connection;
      const ttl = ttlSeconds(new Date(Date.parse(connected_at) + LIFETIME));
      await table.transact([
        {
          put: { ...record('user_connection', keys.userConnection(user_id, connection_id), connection), ttl },
        },
        { put: record('live_connection', keys.liveConnection(connection_id), { user_id, ttl }) },
      ]);
    },
    async of(userId) {
      const { pk } = keys.userConnection(userId, '');
      const items = await table.query({ pk, prefix: CONNECTION_PREFIX, limit: MAX_READ, consistent: true });
      return items
        .map((item) => parseRecord(LiveConnection, item))
        .sort((a, b) => (a.connected_at < b.connected_at ? -1 : 1));
    },
    async remove({ user_id, connection_id }) {
      const own = { delete: keys.userConnection(user_id, connection_id) };
      await succeeds(table.transact([own, { delete: keys.liveConnection(connection_id) }]));
    },
    async ownerOf(connectionId) {
      const item = await table.get(keys.liveConnection(connectionId), { consistent: true });
      return item && String(item['user_id']);
    },
  };
}
