import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from './client.ts';
import { keys } from './keys.ts';
import { pages } from './pages.ts';
import { unwrap } from './problem.ts';

/** The items of a task never change once they exist. */
export const useTaskItems = (task_id: string) =>
  useInfiniteQuery({
    queryKey: [...keys.items, 'items', task_id],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v2/tasks/{task_id}/items', {
          params: { path: { task_id }, query: { limit: 100, ...pageParam } },
        }),
      ),
    ...pages,
    staleTime: Infinity,
  });
