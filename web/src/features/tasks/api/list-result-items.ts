import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { ResultItem } from '../../../lib/api/types.ts';

interface ItemPage {
  items: ResultItem[];
  next_cursor: string | null;
}

/** Delivered items never change. */
export const useResultItems = (result_id: string) =>
  useInfiniteQuery({
    queryKey: [...keys.results, 'items', result_id],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v2/results/{result_id}/items', {
          params: { path: { result_id }, query: { limit: 100, ...pageParam } },
        }),
      ) as Promise<ItemPage>, // with intervals that are pairs: see get-result.ts
    ...pages,
    staleTime: Infinity,
  });
