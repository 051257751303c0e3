import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { allItems, pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';

const POLL_MS = 3_000;

/** Polls while an inspection is running. */
export const useFiles = () =>
  useInfiniteQuery({
    queryKey: [...keys.files, 'list'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/files/list', { params: { query: { limit: 20, ...pageParam } } })),
    ...pages,
    refetchInterval: ({ state }) =>
      state.data && allItems(state.data).some((file) => file.status === 'pending') ? POLL_MS : false,
  });
