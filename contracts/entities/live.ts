import * as z from 'zod';
import { Id, Timestamp } from './common.ts';
import { RunStatus } from './run.ts';
import { Settlement, TaskStatus } from './task-fields.ts';

/** Number of an event in the log of its reader: 1, 2, 3 … without gaps. */
export const EventId = z.int().positive().meta({ example: 42 });

const base = {
  id: EventId.describe('The number of the event for its reader: 1, 2, 3 and so on, without gaps.'),
  at: Timestamp.describe('When the event was recorded.'),
};

/** Payload of an event by its type: names and states, never content. */
export const LIVE_EVENTS = {
  'task.updated': z
    .strictObject({
      task_id: Id.describe('The task.'),
      status: TaskStatus,
      settlement: Settlement,
    })
    .meta({ id: 'TaskUpdatedData', description: 'A task whose state, agent or settlement changed.' }),
  'result.created': z
    .strictObject({ task_id: Id.describe('The task.'), result_id: Id.describe('Its result.') })
    .meta({ id: 'ResultCreatedData', description: 'A result that was delivered.' }),
  'wallet.updated': z
    .strictObject({ user_id: Id.describe('The owner of the wallet: the reader of the event.') })
    .meta({ id: 'WalletUpdatedData', description: 'A wallet in which money moved.' }),
  'model.run.updated': z
    .strictObject({ run_id: Id.describe('The training run.'), status: RunStatus })
    .meta({ id: 'ModelRunUpdatedData', description: 'A training run that made progress.' }),
  'agent.assigned': z
    .strictObject({ task_id: Id.describe('The task.') })
    .meta({ id: 'AgentAssignedData', description: 'A task that the reader was given to work on.' }),
} as const;

export type LiveEventType = keyof typeof LIVE_EVENTS;
export type LiveEventData<T extends LiveEventType> = z.infer<(typeof LIVE_EVENTS)[T]>;
/** An event before it is numbered. */
export type LiveNews = {
  readonly [T in LiveEventType]: { readonly type: T; readonly data: LiveEventData<T> };
}[LiveEventType];

const eventOf = <T extends LiveEventType>(type: T, id: string, description: string) =>
  z
    .strictObject({
      type: z.literal(type).describe('The type of the event.'),
      ...base,
      data: LIVE_EVENTS[type],
    })
    .meta({ id, description });

/** An event as its reader gets it, by WebSocket and from the list. */
export const LiveEvent = z
  .discriminatedUnion('type', [
    eventOf(
      'task.updated',
      'TaskUpdated',
      'State, agent or settlement of a task changed. For its buyer and its agent.',
    ),
    eventOf(
      'result.created',
      'ResultCreated',
      'A result was delivered. For the buyer and the agent of its task.',
    ),
    eventOf('wallet.updated', 'WalletUpdated', 'Money moved in a wallet. For its owner.'),
    eventOf('model.run.updated', 'ModelRunUpdated', 'A training run made progress. For administrators.'),
    eventOf('agent.assigned', 'AgentAssigned', 'A task was assigned. For its agent.'),
  ])
  .meta({
    id: 'Event',
    description:
      'Something that happened to what the reader may see. It names what changed; fetch that to see how it is now.',
    example: {
      type: 'result.created',
      id: 42,
      at: '2026-03-01T09:30:00.000Z',
      data: {
        task_id: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
        result_id: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11',
      },
    },
  });
export type LiveEvent = z.infer<typeof LiveEvent>;

/** The session that a ticket was issued to, and that its connection belongs to. */
export const LiveSession = z.strictObject({
  user_id: Id,
  origin_jti: z.string().min(1),
  /** Start of the session, in seconds since 1970. */
  started_at: z.number(),
});
export type LiveSession = z.infer<typeof LiveSession>;

/** A WebSocket connection of one user. */
export const LiveConnection = LiveSession.extend({
  connection_id: z.string().min(1),
  connected_at: Timestamp,
});
export type LiveConnection = z.infer<typeof LiveConnection>;
