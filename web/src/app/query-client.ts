import { QueryClient } from '@tanstack/react-query';
import { ApiError, isRetryable } from '../lib/api/problem.ts';

const MAX_TRIES = 3;

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < MAX_TRIES && isRetryable(error, true),
        retryDelay: (failures, error) =>
          ((error instanceof ApiError && error.retryAfter) || 2 ** failures) * 1000,
      },
      mutations: { retry: false },
    },
  });
