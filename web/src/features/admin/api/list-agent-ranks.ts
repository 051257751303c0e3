import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Agents by reputation, and Duke MM on every page. */
export const useAgentRanks = () =>
  useInfiniteQuery({
    queryKey: [...keys.admin, 'agents'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/admin/agents', { params: { query: { limit: 50, ...pageParam } } })),
    ...pages,
  });
