import type { AgentId } from '../../contracts/entities/common.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Caller } from '../shared/http/caller.ts';
import { reviewerOf } from '../shared/stores/task-records.ts';
import type { ListOwner } from '../shared/stores/task-lists.ts';

/** The parties of a task or result: its buyer and its agent, by id. Administrators may read everything. */
interface Owned {
  readonly buyer_id: string;
  readonly agent_id: AgentId;
  /** The agent that reviews the unsure items. */
  readonly reviewer_id?: AgentId | undefined;
}
export const ownedTask = (task: Task): Owned => ({
  buyer_id: task.buyer_id,
  agent_id: task.assigned_agent_id,
  reviewer_id: reviewerOf(task),
});

export function mayRead(caller: Caller, owned: Owned): boolean {
  switch (caller.role) {
    case 'admin':
      return true;
    case 'buyer':
      return owned.buyer_id === caller.userId;
    case 'agent':
      return owned.agent_id === caller.userId || owned.reviewer_id === caller.userId;
  }
}

/**
 * Returns `value` if the caller may read it. Other users' records are reported like missing ones.
 * @throws DukeError not_found
 */
export function assertVisible<T>(caller: Caller, value: T | undefined, owned: (value: T) => Owned): T {
  if (value !== undefined && mayRead(caller, owned(value))) return value;
  throw new DukeError('not_found', 'There is nothing here that you may see.');
}

export function listOwner(caller: Caller): ListOwner {
  if (caller.role === 'admin') return { role: 'admin' };
  if (caller.role === 'agent') return { role: 'agent', agentId: caller.userId };
  return { role: 'buyer', userId: caller.userId };
}
