import type { AssignmentOutcome } from '../../contracts/entities/agent.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import type { AssignmentStore } from '../shared/stores/assignment-store.ts';
import { isReviewing } from '../shared/stores/review-store.ts';
import type { Reviewing } from '../shared/stores/review-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';

export interface LeaseDependencies {
  readonly tasks: TaskStore;
  readonly assignments: AssignmentStore;
  readonly clock: Clock;
}

const WHAT_HAPPENED: Readonly<Record<AssignmentOutcome, string>> = {
  open: 'You have this task.',
  delivered: 'You have delivered this task already.',
  missed: 'You did not deliver this task before its deadline; it went to another agent or back to the buyer.',
  given_up: 'You gave this task up.',
  withdrawn: 'Your account was disabled; the task went to another agent or back to the buyer.',
  cancelled: 'The buyer cancelled this task.',
  failed: 'This task has failed and was refunded.',
};

const wrongState = (detail: string): DukeError => new DukeError('wrong_state', detail);

/**
 * Starts a task for its agent, which then has it until the deadline. Idempotent for that agent.
 * @returns the executing task
 * @throws DukeError not_found for a task never assigned to the agent; wrong_state, with the reason, for one it has
 * lost
 */
export async function holdLease(
  deps: LeaseDependencies,
  agentId: string,
  taskId: string,
): Promise<TaskIn<'executing'>> {
  const task = await assignedTask(deps, agentId, taskId);
  if (task.status === 'created') {
    throw wrongState('The task is being prepared; its items are there in a moment.');
  }
  if ('deadline_at' in task && task.deadline_at <= deps.clock().toISOString()) {
    throw wrongState(`The deadline of this task was ${task.deadline_at}.`);
  }
  if (task.status === 'executing') return task; // also with a review that is open
  if (task.status === 'assigned') {
    await deps.tasks.start(task, deps.clock().toISOString());
    const started = await assignedTask(deps, agentId, taskId);
    if (started.status === 'executing') return started;
  }
  throw await lost(deps, agentId, taskId);
}

/** Whether the agent reviews the unsure items of the task. */
export const isReviewerOf = (task: Task, agentId: string): task is Reviewing =>
  isReviewing(task) && task.reviewer_id === agentId;

/** The task, or its unsure items, if assigned to the agent. @throws DukeError not_found, wrong_state */
async function assignedTask(deps: LeaseDependencies, agentId: string, taskId: string): Promise<Task> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task?.assigned_agent_id === agentId) return task;
  if (task && isReviewerOf(task, agentId)) return task;
  throw await lost(deps, agentId, taskId);
}

/** Why the task is not, or no longer, assigned to the agent. */
export async function lost(deps: LeaseDependencies, agentId: string, taskId: string): Promise<DukeError> {
  const assignment = await deps.assignments.get(agentId, taskId);
  if (!assignment) return new DukeError('not_found', 'There is nothing here that you may see.');
  return wrongState(WHAT_HAPPENED[assignment.outcome]);
}
