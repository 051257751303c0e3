import type { Notice } from '../../contracts/entities/notice.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import { reviewerOf } from '../shared/stores/task-records.ts';

/** Whether the agent still has the task that it was given, or the unsure answers of one to review. */
const isStillAssigned = (task: Task, { user_id, attempt }: Notice): boolean =>
  isUnfinished(task.status) &&
  (task.attempt ?? 1) === attempt &&
  (task.assigned_agent_id === user_id || reviewerOf(task) === user_id);

/** Whether a notice that has waited is still true. A notice about a task that is gone is not. */
export function isStillTrue(notice: Notice, task: Task | undefined): boolean {
  if (!task) return false;
  switch (notice.type) {
    case 'task_assigned':
    case 'lease_ending':
      return isStillAssigned(task, notice);
    case 'result_delivered':
    case 'review_ending':
      return task.status === 'completed' && task.settlement === 'held';
  }
}
