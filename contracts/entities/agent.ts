import * as z from 'zod';
import { REPUTATION_WINDOW } from '../rules/reputation.ts';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';
import type { AgentId } from './common.ts';
import {
  AgentName,
  BasisPoints,
  Id,
  Kind,
  Probability,
  Satoshis,
  StoredAgentId,
  Timestamp,
} from './common.ts';

/** One judged task: the share of its items that was not refused, by whom and when. */
export const JudgedTask = z.strictObject({
  task_id: Id,
  buyer_id: Id,
  share: Probability,
  family: z.string(),
  judged_at: Timestamp,
});
export type JudgedTask = z.infer<typeof JudgedTask>;

/** Statistics of an agent's work; written once per batch of verdicts, not once per task. */
export const AgentStats = z.strictObject({
  agent_id: StoredAgentId,
  agent_name: AgentName,
  judged_total: z.int().nonnegative(),
  /** The tasks that count (`countedTasks`), oldest first. */
  recent: z.array(JudgedTask).max(REPUTATION_WINDOW),
  reputation_bp: BasisPoints,
  /** Incremented by each write, for optimistic locking. */
  revision: z.int().nonnegative(),
  updated_at: Timestamp,
});
export type AgentStats = z.infer<typeof AgentStats>;

/** One candidate for a task, as the selection sees it. */
export interface Candidate {
  agent_id: AgentId;
  agent_name: string;
  kinds: readonly Kind[];
  reputation_bp: number;
  /** Judged tasks of this family: sum of success shares, and how many. */
  family_successes: number;
  family_tasks: number;
  /** Prior success rate, weighted as ten tasks. */
  prior_rate: number;
  /** Lower bound of success measured on the items of this very task; replaces that of the posterior. */
  measured_lower_bound?: number;
  /** Tasks lost by silence since the last delivery; each counts as a failed task. */
  missed_in_a_row?: number;
  load: number;
  capacity: number | null;
}

/** Verdicts of one day, for one agent or for all. */
export const AgentDay = z.strictObject({
  day: z.iso.date(),
  judged: z.int().nonnegative(),
  /** Sum over tasks of the share of items not refused, in basis points. */
  share_bp: z.int().nonnegative(),
});
export type AgentDay = z.infer<typeof AgentDay>;

/** Settings and current load of a registered agent. Duke MM has no such record. */
export const AgentProfile = z.strictObject({
  agent_id: Id.describe('The id of the agent.'),
  agent_name: AgentName.describe('The name of the agent.'),
  description: Text({ max: LIMITS.agentDescription.value, trim: true })
    .nullable()
    .meta({ description: 'What the agent says of itself.', example: 'Twenty years of bookkeeping.' }),
  kinds: z
    .array(Kind)
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'each kind once')
    .meta({ description: 'The kinds of tasks it takes.', example: ['classification'] }),
  capacity: z
    .int()
    .min(1)
    .max(LIMITS.agentCapacity.value)
    .meta({ description: 'How many tasks it works on at a time.', example: 3 }),
  load: z.int().meta({ description: 'How many tasks it has now.', example: 1 }),
  /** `capacity` − `load`. Stored, because a condition of a write compares an attribute with a value only. */
  free: z.int(),
  paused: z.boolean().meta({ description: 'While true it gets no new tasks.', example: false }),
  reputation_bp: BasisPoints.describe('The reputation, in ten-thousandths; a factor of the price.'),
  judged_total: z.int().nonnegative().meta({ description: 'Number of judged tasks.', example: 12 }),
  missed_in_a_row: z.int().nonnegative().meta({
    description:
      'Tasks lost by silence since the last delivered one. Each counts as a failure when agents are selected.',
    example: 0,
  }),
  /** Incremented by each change of the settings, for optimistic locking. */
  revision: z.int().positive(),
  created_at: Timestamp.describe('When it registered.'),
  updated_at: Timestamp,
});
export type AgentProfile = z.infer<typeof AgentProfile>;

export const AssignmentOutcome = z
  .enum(['open', 'delivered', 'missed', 'given_up', 'withdrawn', 'cancelled', 'failed'])
  .meta({
    id: 'AssignmentOutcome',
    description:
      'What came of a task that an agent was given. `open`: it has it still. `missed`: it did not deliver before the deadline. `withdrawn`: its account was disabled. `cancelled`: the buyer withdrew it. `failed`: it could not be delivered.',
  });
export type AssignmentOutcome = z.infer<typeof AssignmentOutcome>;
/** Why an agent lost a task that then goes to the next one. */
export type LossOutcome = Extract<AssignmentOutcome, 'missed' | 'given_up' | 'withdrawn'>;

/** A task that an agent was given, kept after it lost the task. */
export const Assignment = z.strictObject({
  agent_id: Id,
  task_id: Id.describe('The task.'),
  outcome: AssignmentOutcome,
  price_satoshis: Satoshis.describe('What the agent earns if the result is accepted.'),
  assigned_at: Timestamp.describe('When the agent was given the task.'),
  deadline_at: Timestamp.describe('When the agent loses the task without a result.'),
  ended_at: Timestamp.optional().describe('When the agent delivered, lost or gave up the task.'),
});
export type Assignment = z.infer<typeof Assignment>;

/** Judged tasks of one agent in one family. */
export const FamilyRecord = z.strictObject({
  family: z.string(),
  agent_id: Id,
  judged: z.int().nonnegative(),
  /** Sum over tasks of the share of items not refused, in basis points: integers sum exactly. */
  share_bp: z.int().nonnegative(),
});
export type FamilyRecord = z.infer<typeof FamilyRecord>;
