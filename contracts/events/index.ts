import * as z from 'zod';
import { AgentId, Id, Kind, Satoshis, StoredAgentId, Timestamp } from '../entities/common.ts';
import { Settlement, TaskStatus } from '../entities/task-fields.ts';
import { RunStatus } from '../entities/run.ts';
import { Verdict } from '../entities/result.ts';

/**
 * Events that the router of the table's stream puts on the bus. Delivery is at least once and unordered: a consumer
 * reads the current record and writes conditionally. Details hold ids and states, never content.
 */
export const EVENTS = {
  /** A task was stored or reassigned. Consumer: plan it. */
  'task.created': z.strictObject({ task_id: Id, assigned_agent_id: AgentId }),
  /** All chunks are answered, or the review of unsure answers has ended. Consumer: assemble the result. */
  'task.chunks_done': z.strictObject({ task_id: Id }),
  /** Status, agent or settlement of a task changed. Consumers: notify its buyer and its agent, count it. */
  'task.updated': z.strictObject({
    task_id: Id,
    buyer_id: Id,
    assigned_agent_id: StoredAgentId,
    status: TaskStatus,
    settlement: Settlement,
  }),
  /** A result was delivered. Consumer: notify buyer and agent. */
  'result.created': z.strictObject({ task_id: Id, result_id: Id, buyer_id: Id, agent_id: StoredAgentId }),
  /** The balance of a wallet changed. Consumer: notify its owner. */
  'wallet.updated': z.strictObject({ user_id: Id }),
  /** A verdict is final and its money has moved. Consumers: record the outcomes, update the agent's reputation. */
  'result.judged': z.strictObject({ task_id: Id, result_id: Id, verdict: Verdict }),
  /** A buyer withdrew an ended task from training. Consumer: forget its outcomes. */
  'task.training_withdrawn': z.strictObject({ task_id: Id }),
  /** A registered agent was assigned a task that it can start. Consumer: notify it. */
  'agent.assigned': z.strictObject({
    agent_id: Id,
    task_id: Id,
    /** Number of the assignment, starting at 1. */
    attempt: z.int().positive(),
    kind: Kind,
    item_count: z.int().positive(),
    price_satoshis: Satoshis,
    assigned_at: Timestamp,
    deadline_at: Timestamp,
  }),
  /** An agent account was disabled or enabled. Consumer: reassign its tasks, or list it again. */
  'agent.account_changed': z.strictObject({ agent_id: Id }),
  /** A training run was triggered. Consumer: start it, or remember the trigger while another run is active. */
  'training.triggered': z.strictObject({ key: z.string() }),
  /** A training run changed state. Consumer: notify administrators. */
  'model.run.updated': z.strictObject({ run_id: Id, status: RunStatus }),
} as const;

/** Events that are delivered to users (`/events`, WebSocket). */
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

/** The event that S3 publishes through EventBridge for a new upload. */
export const ObjectCreated = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.int().nonnegative() }),
  }),
});
export type ObjectCreated = z.infer<typeof ObjectCreated>;
