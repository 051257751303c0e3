import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { allItems, pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';
import { isActive } from '../words.ts';
import { RUN_POLL_MS } from './get-status.ts';

/** Administrators only. Polls while a run is active. */
export const useRuns = () =>
  useInfiniteQuery({
    queryKey: [...keys.model, 'runs', 'list'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/model/runs', { params: { query: { limit: 20, ...pageParam } } })),
    ...pages,
    refetchInterval: ({ state }) =>
      state.data && allItems(state.data).some(isActive) ? pollMs(RUN_POLL_MS) : false,
  });
