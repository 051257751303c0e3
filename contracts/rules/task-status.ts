import type { TaskStatus } from '../entities/task-fields.ts';

/** States in which the price is held and the task can still fail. */
export const UNFINISHED = ['created', 'assigned', 'executing'] as const satisfies readonly TaskStatus[];
/** States that no task leaves. */
export const ENDED = ['completed', 'failed', 'cancelled'] as const satisfies readonly TaskStatus[];
/** States in which the buyer can cancel: nothing has been answered. */
export const CANCELLABLE = ['created', 'assigned'] as const satisfies readonly TaskStatus[];

const includes = <S extends TaskStatus>(states: readonly S[], status: TaskStatus): status is S =>
  (states as readonly TaskStatus[]).includes(status);

export const isUnfinished = (status: TaskStatus): status is (typeof UNFINISHED)[number] =>
  includes(UNFINISHED, status);
export const isCancellable = (status: TaskStatus): status is (typeof CANCELLABLE)[number] =>
  includes(CANCELLABLE, status);
