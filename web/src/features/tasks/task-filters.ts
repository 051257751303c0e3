import { isUnfinished } from '../../../../contracts/rules/task-status.ts';
import type { Task } from '../../lib/api/types.ts';

const isJudged = ({ status, settlement }: Task): boolean => status === 'completed' && settlement !== 'held';

/** Which tasks a list shows; each belongs to exactly one of them. */
export const FILTERS = {
  review: {
    label: 'To review',
    shows: ({ status, settlement }) => status === 'completed' && settlement === 'held',
  },
  running: { label: 'Running', shows: ({ status }) => isUnfinished(status) },
  accepted: { label: 'Accepted', shows: (task) => isJudged(task) && task.settlement === 'released' },
  rejected: { label: 'Rejected', shows: (task) => isJudged(task) && task.settlement !== 'released' },
  failed: { label: 'Failed', shows: ({ status }) => status === 'failed' },
  cancelled: { label: 'Cancelled', shows: ({ status }) => status === 'cancelled' },
} as const satisfies Record<string, { readonly label: string; readonly shows: (task: Task) => boolean }>;

export type TaskFilter = keyof typeof FILTERS;
export const TASK_FILTERS = Object.keys(FILTERS) as TaskFilter[];
export const isTaskFilter = (value: unknown): value is TaskFilter =>
  typeof value === 'string' && Object.hasOwn(FILTERS, value);

/** Every word of the search is in the description, the agent's name, or the id. */
export function searchTasks(tasks: readonly Task[], search: string): Task[] {
  const words = search.toLocaleLowerCase('en').split(/\s+/).filter(Boolean);
  return tasks.filter(({ id, description, assigned_agent, target }) => {
    const text = `${id} ${description} ${assigned_agent} ${target ?? ''}`.toLocaleLowerCase('en');
    return words.every((word) => text.includes(word));
  });
}
