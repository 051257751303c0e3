import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../lib/api/problem.ts';

const MAX_TRIES = 3;

/** What may be better a moment later: no connection, too many requests, a server in trouble. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < MAX_TRIES && isPassing(error),
        retryDelay: (failures, error) =>
          ((error instanceof ApiError && error.retryAfter) || 2 ** failures) * 1000,
      },
      mutations: { retry: false },
    },
  });
