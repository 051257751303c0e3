import * as z from 'zod';
import { LiveEvent } from '../entities/live.ts';
import { LIMITS } from '../limits.ts';
import { everyone, operations } from './operation.ts';
import { PageQuery, queryInteger } from './page.ts';

/** Lifetime of a ticket, in seconds. */
export const TICKET_SECONDS = 30;
/** Larger than the number of any event. */
export const MAX_EVENT_ID = 999_999_999_999;

const Position = z.int().nonnegative().max(MAX_EVENT_ID);

export const LiveTicket = z
  .strictObject({
    url: z.string().meta({
      description: 'The address of the WebSocket. Connect to it with `?ticket=` and the ticket.',
      example: 'wss://live.example.com/live',
    }),
    ticket: z.string().meta({
      description: 'Opens one connection.',
      example: 'kq3J0v7c1mYbq8Zt2s5nXw9rLd4uEo6aTfGhIjKlMnO',
    }),
    expires_in: z
      .int()
      .positive()
      .meta({ description: 'Seconds until the ticket expires.', example: TICKET_SECONDS }),
    last_event_id: Position.meta({
      description:
        'The number of your newest event; 0 if there is none. Once connected, ask `GET /events?after=` for those that came after it.',
      example: 42,
    }),
  })
  .meta({ id: 'LiveTicket', description: 'Where to connect, and the ticket that opens the connection.' });
export type LiveTicket = z.infer<typeof LiveTicket>;

export const EventPage = z
  .strictObject({
    items: z.array(LiveEvent).meta({ description: 'The events of this page, oldest first.' }),
    next_after: Position.meta({ description: 'Pass it as `after` to get the next page.', example: 42 }),
    more: z.boolean().meta({ description: 'Whether there are further events.', example: false }),
    gap: z.boolean().meta({
      description: `True if events after \`after\` are no longer kept (${LIMITS.eventDays.value} days): fetch the state again.`,
      example: false,
    }),
  })
  .meta({ id: 'EventPage', description: 'One page of events, oldest first.' });
export type EventPage = z.infer<typeof EventPage>;

export const liveOperations = operations({
  createLiveTicket: {
    method: 'POST',
    path: '/live/ticket',
    capability: 'live',
    summary: 'Get a ticket for live events',
    description:
      'Returns a WebSocket address and a ticket, which opens one connection within 30 seconds. The connection sends the events of the caller as they happen, each at least once and in any order: `{type, id, at, data}`. It closes after two hours at most, and when the session ends. After connecting, and whenever a number is missing, ask `GET /events?after=`. Messages of the client are ignored.',
    access: everyone,
    status: 201,
    answer: 'A ticket.',
    response: LiveTicket,
    errors: [],
  },
  listEvents: {
    method: 'GET',
    path: '/events',
    capability: 'live',
    summary: 'My events since a number',
    description: `Events of the caller with a number above \`after\`, oldest first. The numbers of a reader have no gaps, so a client that was away, or that misses a number, gets everything it missed from here. Events are kept for ${LIMITS.eventDays.value} days.`,
    access: everyone,
    query: z.strictObject({
      after: queryInteger(0, MAX_EVENT_ID)
        .default(0)
        .meta({ description: 'The number of the last event that you know.', default: 0, example: 41 }),
      limit: PageQuery.shape.limit,
    }),
    status: 200,
    answer: 'One page of events.',
    response: EventPage,
    errors: [],
  },
});
