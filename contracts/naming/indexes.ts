import { newest } from './segments.ts';
import type { Key } from './table-keys.ts';

/** Secondary indexes. Their partition and sort attributes are `<name>pk` and `<name>sk`. */
export const INDEXES = {
  /** Tasks, files and results by owner, newest first. */
  owner: 'gsi1',
  /** Tasks and results by registered agent, newest first. Duke MM's would be a hot partition. */
  worker: 'gsi2',
  /** All tasks and results, in shards, newest first; for administrators. */
  all: 'gsi3',
  /** What must happen by a time, in shards: deadlines, ends of review, notices. Sparse. */
  due: 'gsi4',
  /** Available agents by the kinds they take, best reputation first. Projects whole items. Sparse. */
  available: 'gsi5',
} as const;

export type IndexName = keyof typeof INDEXES;

/** Indexes that project whole items; the others project keys only. */
export const FULL_INDEXES: ReadonlySet<IndexName> = new Set(['available']);

export const indexKeys = {
  ownedTask: (buyerId: string, at: string, id: string): Key => ({
    pk: `USER#${buyerId}#TASKS`,
    sk: newest(at, id),
  }),
  ownedFile: (ownerId: string, at: string, id: string): Key => ({
    pk: `USER#${ownerId}#FILES`,
    sk: newest(at, id),
  }),
  ownedResult: (buyerId: string, at: string, id: string): Key => ({
    pk: `USER#${buyerId}#RESULTS`,
    sk: newest(at, id),
  }),
  workedTask: (agentId: string, at: string, id: string): Key => ({
    pk: `AGENT#${agentId}#TASKS`,
    sk: newest(at, id),
  }),
  assignment: (agentId: string, at: string, taskId: string): Key => ({
    pk: `AGENT#${agentId}#ASSIGNMENTS`,
    sk: newest(at, taskId),
  }),
  workedResult: (agentId: string, at: string, id: string): Key => ({
    pk: `AGENT#${agentId}#RESULTS`,
    sk: newest(at, id),
  }),
  allTasks: (shard: number, at: string, id: string): Key => ({ pk: `TASKS#${shard}`, sk: newest(at, id) }),
  allResults: (shard: number, at: string, id: string): Key => ({
    pk: `RESULTS#${shard}`,
    sk: newest(at, id),
  }),
  /**
   * @param kinds that the agent takes; each combination is a partition
   */
  availableAgent: (kinds: readonly string[], reputationBp: number, id: string): Key => ({
    pk: `AGENTS#${[...kinds].sort().join('+')}`,
    sk: `${String(reputationBp).padStart(6, '0')}#${id}`,
  }),
  /** Users of one role, newest first. */
  user: (role: string, at: string, id: string): Key => ({ pk: `USERS#${role}`, sk: newest(at, id) }),
  run: (at: string, id: string): Key => ({ pk: 'RUNS', sk: newest(at, id) }),
  /** Uploads that have not been inspected. */
  pendingFile: (shard: number, at: string, id: string): Key => ({
    pk: `PENDING#${shard}`,
    sk: newest(at, id),
  }),
  /** Notices that wait to be sent. The user stands behind the time. */
  dueNotice: (shard: number, dueAt: string, userId: string, id: string): Key => ({
    pk: `DUENOTICES#${shard}`,
    sk: `${dueAt}#${userId}#${id}`,
  }),
  dueTask: (shard: number, dueAt: string, id: string): Key => ({ pk: `DUE#${shard}`, sk: newest(dueAt, id) }),
  /** A due task that could not be ended, moved aside with its sort key so that it does not block others. */
  asideTask: (shard: number, dueAt: string, id: string): Key => ({
    pk: `ASIDE#${shard}`,
    sk: newest(dueAt, id),
  }),
} as const;
