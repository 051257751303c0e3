import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { TICKET_SECONDS } from '../../contracts/api/live.ts';
import { LiveSession } from '../../contracts/entities/live.ts';
import { keys } from '../../contracts/naming.ts';
import { sha256 } from '../shared/ids.ts';
import { parseRecord, record, ttlSeconds } from '../shared/stores/records.ts';
import { succeeds } from '../shared/stores/table.ts';
import type { Table } from '../shared/stores/table.ts';

const TICKET_BYTES = 32;
const Ticket = LiveSession.extend({ expires_at: z.iso.datetime() });

/** Tickets that open one live connection. Only their hashes are stored. */
export interface Tickets {
  issue(session: LiveSession, at: Date): Promise<string>;
  /** The session of a ticket; undefined if it is unknown, used or expired. It cannot be redeemed again. */
  redeem(ticket: string, at: Date): Promise<LiveSession | undefined>;
}

export function tickets(table: Table): Tickets {
  return {
    async issue(session, at) {
      const ticket = randomBytes(TICKET_BYTES).toString('base64url');
      const expires = new Date(at.getTime() + TICKET_SECONDS * 1000);
      const data = { ...session, expires_at: expires.toISOString(), ttl: ttlSeconds(expires) };
      await table.write({ put: record('live_ticket', keys.liveTicket(sha256(ticket)), data) });
      return ticket;
    },
    async redeem(ticket, at) {
      const key = keys.liveTicket(sha256(ticket));
      const item = await table.get(key, { consistent: true });
      if (!item) return undefined;
      const { expires_at, ...session } = parseRecord(Ticket, item);
      const first = await succeeds(table.write({ delete: key, when: [{ attribute: 'pk', is: 'present' }] }));
      return first && at.getTime() < Date.parse(expires_at) ? session : undefined;
    },
  };
}
