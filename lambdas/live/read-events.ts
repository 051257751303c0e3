import type { EventPage, LiveTicket } from '../../contracts/api/live.ts';
import { TICKET_SECONDS } from '../../contracts/api/live.ts';
import type { Clock } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { EventLog } from './event-log.ts';
import { maySee } from './readers.ts';
import type { Tickets } from './tickets.ts';

export interface LiveDependencies {
  readonly events: EventLog;
  readonly tickets: Tickets;
  readonly clock: Clock;
  /** Address of the WebSocket for clients. */
  readonly url: string;
}

export async function createTicket(deps: LiveDependencies, caller: Caller): Promise<LiveTicket> {
  const session = {
    user_id: caller.userId,
    origin_jti: caller.originJti,
    started_at: caller.sessionStartedAt,
  };
  const [ticket, last_event_id] = await Promise.all([
    deps.tickets.issue(session, deps.clock()),
    deps.events.newest(caller.userId),
  ]);
  return { url: deps.url, ticket, expires_in: TICKET_SECONDS, last_event_id };
}

/** Events after a number. Those that the caller's role may no longer see are skipped, with their numbers. */
export async function listEvents(
  { events }: Pick<LiveDependencies, 'events'>,
  caller: Pick<Caller, 'userId' | 'role'>,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<EventPage> {
  const read = () => events.after(caller.userId, after, limit + 1);
  let found = await read();
  if (found.length === 0) {
    const newest = await events.newest(caller.userId);
    // Reads again, so that events added meanwhile are not skipped.
    if (newest > after) found = await read();
    if (found.length === 0) return { items: [], next_after: newest, more: false, gap: newest !== after };
  }
  const page = found.slice(0, limit);
  return {
    items: page.filter((event) => maySee(caller.role, event)),
    next_after: page.at(-1)!.id,
    more: found.length > limit,
    gap: page[0]!.id > after + 1,
  };
}
