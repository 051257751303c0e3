import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isUnfinished } from '../../../../../contracts/rules/task-status.ts';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { allItems, pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';

const POLL_MS = 5_000;
const PAGE = 100;
/** So many pages are loaded without asking: enough to count and search what most people have. */
const PAGES_AT_ONCE = 3;

/** The newest tasks; the list is looked up again while one of them is unfinished. */
export function useTasks() {
  const query = useInfiniteQuery({
    queryKey: [...keys.tasks, 'list'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/tasks/list', { params: { query: { limit: PAGE, ...pageParam } } })),
    ...pages,
    refetchInterval: ({ state }) =>
      state.data && allItems(state.data).some(({ status }) => isUnfinished(status)) ? pollMs(POLL_MS) : false,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  const loaded = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && loaded < PAGES_AT_ONCE) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, loaded, fetchNextPage]);
  return query;
}
