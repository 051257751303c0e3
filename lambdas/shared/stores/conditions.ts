import type { Task } from '../../../contracts/entities/task.ts';
import { ConditionFailed } from './table.ts';
import type { Condition } from './table.ts';

export const equals = (attribute: string, value: string): Condition => ({ attribute, is: 'equal', value });

/** The task still has the agent and price that the caller read. */
export const sameAttempt = ({ attempt }: Pick<Task, 'attempt'>): Condition =>
  attempt === undefined
    ? { attribute: 'attempt', is: 'absent' }
    : { attribute: 'attempt', is: 'equal', value: attempt };

/** The review of the task is still in the state that the caller read. */
export const sameReview = ({ review_state: state }: Pick<Task, 'review_state'>): Condition =>
  state === undefined ? { attribute: 'review_state', is: 'absent' } : equals('review_state', state);

/** Indexes of the steps of a transaction whose conditions failed; empty if it was written. */
export async function failedSteps(write: Promise<void>): Promise<readonly number[]> {
  try {
    await write;
    return [];
  } catch (error) {
    if (error instanceof ConditionFailed) return error.failed;
    throw error;
  }
}
