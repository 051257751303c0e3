import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskView } from '../../contracts/api/tasks.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { taskView } from './task-view.ts';

export interface WaitDependencies {
  readonly tasks: Pick<TaskStore, 'get'>;
  /** Default: real time. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** Doubles with each read: 25 s cost eight reads, and an answer is seen after at most twice the time that it took. */
const FIRST_DELAY_MS = 100;

/** Registered agents take minutes to days: a request that waited for them would hold a function for nothing. */
export const mayWaitFor = ({ assigned_agent_id }: Pick<TaskView, 'assigned_agent_id'>): boolean =>
  assigned_agent_id === DUKE_MM_ID;

/** The task when it has ended, or as it is after so many seconds. */
export async function waitForEnd(deps: WaitDependencies, task: TaskView, seconds: number): Promise<TaskView> {
  let seen = task;
  let left = seconds * 1000;
  for (let delay = FIRST_DELAY_MS; left > 0 && isUnfinished(seen.status); delay *= 2) {
    const pause = Math.min(delay, left);
    await (deps.sleep ?? sleep)(pause);
    left -= pause;
    const stored = await deps.tasks.get(task.id);
    if (stored) seen = taskView(stored);
  }
  return seen;
}
