import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const useVersions = () =>
  useInfiniteQuery({
    queryKey: [...keys.model, 'versions'],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/api/v2/model/versions', { params: { query: { limit: 20, ...pageParam } } })),
    ...pages,
  });
