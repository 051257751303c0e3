import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Everything that the agent was given, newest first, and what came of it. */
export const useAssignments = () =>
  useInfiniteQuery({
    queryKey: [...keys.agents, 'assignments'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/agents/me/assignments', { params: { query: { limit: 20, ...pageParam } } })),
    ...pages,
  });
