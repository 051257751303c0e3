import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';
import { isUnfinished } from '../../../../../contracts/rules/task-status.ts';

const POLL_MS = 2_000;
const MAX_POLL_MS = 15_000;
/** After this many polls (one minute) each pause is 10 % longer than the last. */
const PATIENT_AFTER = 30;

export const pollAfter = (looks: number): number =>
  Math.min(POLL_MS * 1.1 ** Math.max(0, looks - PATIENT_AFTER), MAX_POLL_MS);

/** Polls until the task is completed, failed or cancelled. */
export const useTask = (task_id: string) =>
  useQuery({
    queryKey: [...keys.tasks, 'one', task_id],
    queryFn: () => unwrap(api.GET('/api/v2/tasks/{task_id}', { params: { path: { task_id } } })),
    refetchInterval: ({ state }) =>
      state.data && isUnfinished(state.data.status) ? pollMs(pollAfter(state.dataUpdateCount)) : false,
  });
