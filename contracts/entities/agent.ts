import * as z from 'zod';
import { REPUTATION_WINDOW } from '../rules/reputation.ts';
import type { AgentId, Kind } from './common.ts';
import { AgentName, BasisPoints, Id, Probability, StoredAgentId, Timestamp } from './common.ts';

/** One judged task: share of its items not refused, and who judged it when. */
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
  load: number;
  capacity: number | null;
}

/** Verdicts of one day on one agent's work, or on all. */
export const AgentDay = z.strictObject({
  day: z.iso.date(),
  judged: z.int().nonnegative(),
  /** Sum of the tasks' shares of items not refused, in ten-thousandths. */
  share_bp: z.int().nonnegative(),
});
export type AgentDay = z.infer<typeof AgentDay>;
