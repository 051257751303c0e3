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

/** First interval between reads in milliseconds; it doubles with each read, so that 25 s cost eight reads. */
const FIRST_DELAY_MS = 100;

/** Registered agents take minutes to days, so waiting for them would only occupy the function. */
export const mayWaitFor = ({ assigned_agent_id }: Pick<TaskView, 'assigned_agent_id'>): boolean =>
  assigned_agent_id === DUKE_MM_ID;

/** The task once it has ended, or its state after the given seconds. */
export async function waitForEnd(deps: WaitDependencies, task: TaskView, seconds: number): Promise<TaskView> {
  let seen = task;
  let remainingMs = seconds * 1000;
  for (let delay = FIRST_DELAY_MS; remainingMs > 0 && isUnfinished(seen.status); delay *= 2) {
    const pause = Math.min(delay, remainingMs);
    await (deps.sleep ?? sleep)(pause);
    remainingMs -= pause;
    const stored = await deps.tasks.get(task.id);
    if (stored) seen = taskView(stored);
  }
  return seen;
}
