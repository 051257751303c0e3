import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { allItems, pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';
import type { Task } from '../../../lib/api/types.ts';
import { isUnfinished } from '../../../../../contracts/rules/task-status.ts';

const POLL_MS = 5_000;

/** Polls while one of the listed tasks is unfinished. */
export const useTasks = (status: Task['status'] | undefined) =>
  useInfiniteQuery({
    queryKey: [...keys.tasks, 'list', status ?? 'all'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v2/tasks/list', {
          params: { query: { limit: 20, ...pageParam, ...(status && { status }) } },
        }),
      ),
    ...pages,
    refetchInterval: ({ state }) =>
      state.data && allItems(state.data).some(({ status }) => isUnfinished(status)) ? pollMs(POLL_MS) : false,
  });
