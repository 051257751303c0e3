import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { RetryableError } from '../shared/retry.ts';
import type { AssignmentStore } from '../shared/stores/assignment-store.ts';
import type { ReviewStore } from '../shared/stores/review-store.ts';
import type { UserStore } from '../shared/stores/user-store.ts';
import { isReviewerOf } from './lease.ts';
import { moveToNextAgent } from './next-agent.ts';
import type { NextAgentDependencies } from './next-agent.ts';

export interface WithdrawDependencies extends NextAgentDependencies {
  readonly users: UserStore;
  readonly assignments: AssignmentStore;
  readonly reviews: ReviewStore;
}

const PAGE = 100;

/**
 * Applies a change of an agent's account. A disabled agent is removed from the index of available agents and its
 * unfinished tasks are reassigned; an enabled one is listed again. Idempotent: it reads the current state of the
 * account. A fully answered task is left to be delivered.
 * @throws RetryableError if a task was not listed yet or changed meanwhile
 */
export async function followAccount(deps: WithdrawDependencies, agentId: string): Promise<void> {
  const user = await deps.users.get(agentId, { consistent: true });
  if (user?.is_active && user.user_type === 'agent') {
    await deps.profiles.relist(agentId);
    return;
  }
  await deps.profiles.unlist(agentId);
  await moveTasks(deps, agentId);
}

async function moveTasks(deps: WithdrawDependencies, agentId: string): Promise<void> {
  const load = (await deps.profiles.get(agentId, { consistent: true }))?.load ?? 0;
  let seen = 0;
  for (let cursor: string | undefined; seen < load;) {
    const page = await deps.assignments.list(
      agentId,
      { limit: PAGE, cursor },
      ({ outcome }) => outcome === 'open',
    );
    for (const { task_id: taskId } of page.items) {
      await moveTask(deps, agentId, taskId);
      seen += 1;
    }
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  // The list is read from an index, which may lag behind the counter.
  if (seen < load) throw new RetryableError(`${load - seen} tasks of agent ${agentId} are not listed yet`);
}

async function moveTask(deps: WithdrawDependencies, agentId: string, taskId: string): Promise<void> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task && isReviewerOf(task, agentId)) {
    await deps.reviews.close(task, 'withdrawn', deps.clock().toISOString());
    return;
  }
  if (task?.assigned_agent_id !== agentId || !isUnfinished(task) || isAnswered(task)) return;
  const why = `The account of ${task.assigned_agent} was disabled.`;
  if ((await moveToNextAgent(deps, task, 'withdrawn', why)) === 'stale')
    throw new RetryableError(`task ${taskId} changed while it was taken from its agent`);
}

const isUnfinished = (task: Task): task is TaskIn<'created' | 'assigned' | 'executing'> =>
  task.status === 'created' || task.status === 'assigned' || task.status === 'executing';
const isAnswered = (task: Task): boolean => task.status === 'executing' && task.chunks_left === 0;
