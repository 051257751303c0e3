import * as z from 'zod';
import { AgentId, Id, Kind, Satoshis, StoredAgentId, Timestamp } from '../entities/common.ts';
import { Settlement, TaskStatus } from '../entities/task-fields.ts';
import { RunStatus } from '../entities/run.ts';
import { Verdict } from '../entities/result.ts';

/**
 * What the table stream's router puts on the bus. Delivered at least once, order not promised: a consumer reads the
 * record itself and acts by condition. Details carry names, never content.
 */
export const EVENTS = {
  /** A task was stored, or moved to another agent: plan it. */
  'task.created': z.strictObject({ task_id: Id, assigned_agent_id: AgentId }),
  /** Every chunk is done, or the review of unsure answers is over: put the result together. */
  'task.chunks_done': z.strictObject({ task_id: Id }),
  /** State, agent or settlement of a task changed: tell its buyer and its agent. */
  'task.updated': z.strictObject({
    task_id: Id,
    buyer_id: Id,
    assigned_agent_id: StoredAgentId,
    status: TaskStatus,
    settlement: Settlement,
  }),
  /** A result was delivered: tell the buyer and the agent. */
  'result.created': z.strictObject({ task_id: Id, result_id: Id, buyer_id: Id, agent_id: StoredAgentId }),
  /** Money moved in the wallet of a user: tell its owner. */
  'wallet.updated': z.strictObject({ user_id: Id }),
  /** A verdict is final and the money has moved: record the outcomes, weigh the agent. */
  'result.judged': z.strictObject({ task_id: Id, result_id: Id, verdict: Verdict }),
  /** A registered agent can start a task that it was given: tell it. */
  'agent.assigned': z.strictObject({
    agent_id: Id,
    task_id: Id,
    /** Number of the assignment, from 1. */
    attempt: z.int().positive(),
    kind: Kind,
    item_count: z.int().positive(),
    price_satoshis: Satoshis,
    assigned_at: Timestamp,
    deadline_at: Timestamp,
  }),
  /** The account of an agent was disabled or enabled: move its tasks, list it again. */
  'agent.account_changed': z.strictObject({ agent_id: Id }),
  /** There is a cause for a training run: start one, or remember it while another is on its way. */
  'training.triggered': z.strictObject({ key: z.string() }),
  /** A training run made progress: tell administrators. */
  'model.run.updated': z.strictObject({ run_id: Id, status: RunStatus }),
} as const;

/** Delivered to the readers of events. */
export const LIVE_EVENT_TYPES = [
  'task.updated',
  'agent.assigned',
  'result.created',
  'wallet.updated',
  'model.run.updated',
] as const satisfies readonly (keyof typeof EVENTS)[];

export type EventType = keyof typeof EVENTS;
export type EventDetail<T extends EventType> = z.infer<(typeof EVENTS)[T]>;

/** `source` of every event on the bus. */
export const EVENT_SOURCE = 'dukenet';

/** Body of a queue message that a bus rule delivered: the EventBridge envelope. */
export const envelope = <T extends EventType>(type: T) =>
  z.object({
    id: z.string(),
    'detail-type': z.literal(type),
    source: z.literal(EVENT_SOURCE),
    time: z.string(),
    detail: EVENTS[type],
  });

/** What S3 sends through EventBridge when an upload has arrived. */
export const ObjectCreated = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.int().nonnegative() }),
  }),
});
export type ObjectCreated = z.infer<typeof ObjectCreated>;
