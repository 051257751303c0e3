import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { Result } from '../../../contracts/entities/result.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { indexKeys, keys, shardOf } from '../../../contracts/naming.ts';
import { record } from './records.ts';

/** The agent that reviews the unsure items of a task, or has reviewed them. */
export const reviewerOf = (task: Pick<Task, 'review_state' | 'reviewer_id'>): string | undefined =>
  task.review_state === 'open' || task.review_state === 'answered' ? task.reviewer_id : undefined;

/** Index keys of a task; `due` only while it has a deadline or a review to end. */
export function taskRecord(task: Task) {
  const worker = reviewerOf(task) ?? task.assigned_agent_id;
  const dueAt =
    task.status === 'completed'
      ? task.settlement === 'held' && task.review_until
      : 'deadline_at' in task && task.deadline_at;
  return record('task', keys.task(task.id), task, {
    owner: indexKeys.ownedTask(task.buyer_id, task.created_at, task.id),
    all: indexKeys.allTasks(shardOf(task.id), task.created_at, task.id),
    ...(worker !== DUKE_MM_ID && { worker: indexKeys.workedTask(worker, task.created_at, task.id) }),
    ...(dueAt && { due: indexKeys.dueTask(shardOf(task.id), dueAt, task.id) }),
  });
}

export const resultRecord = (result: Result) =>
  record('result', keys.result(result.id), result, {
    owner: indexKeys.ownedResult(result.buyer_id, result.created_at, result.id),
    all: indexKeys.allResults(shardOf(result.id), result.created_at, result.id),
    ...(result.agent_id !== DUKE_MM_ID && {
      worker: indexKeys.workedResult(result.agent_id, result.created_at, result.id),
    }),
  });
