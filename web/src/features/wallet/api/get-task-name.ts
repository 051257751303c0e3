import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** A task, to name it; under the key that the pages of tasks use too. */
export const useTaskToName = (task_id: string) =>
  useQuery({
    queryKey: [...keys.tasks, 'one', task_id],
    queryFn: () => unwrap(api.GET('/api/v2/tasks/{task_id}', { params: { path: { task_id } } })),
    staleTime: 60_000,
  });
