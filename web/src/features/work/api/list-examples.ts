import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Items with their right answers, which show the agent what the buyer expects. */
export const useExamples = (task_id: string, wanted: boolean) =>
  useInfiniteQuery({
    queryKey: [...keys.items, 'examples', task_id],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v2/tasks/{task_id}/examples', {
          params: { path: { task_id }, query: { limit: 10, ...pageParam } },
        }),
      ),
    ...pages,
    staleTime: Infinity,
    enabled: wanted,
  });
