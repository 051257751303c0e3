import { useEffect } from 'react';

interface Query {
  hasNextPage: boolean;
  isFetching: boolean;
  isError: boolean;
  fetchNextPage: () => unknown;
}

/** Fetches page after page, one at a time, until all are there; an error stops it until somebody tries again. */
export function useAllPages({ hasNextPage, isFetching, isError, fetchNextPage }: Query): void {
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
}
