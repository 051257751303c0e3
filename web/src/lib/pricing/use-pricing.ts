import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { unwrap } from '../api/problem.ts';

/** What a task costs on this stage; it changes only when the operator deploys another setting. */
export const usePricing = () =>
  useQuery({
    queryKey: keys.pricing,
    queryFn: () => unwrap(api.GET('/api/v2/pricing')),
    staleTime: 300_000,
  });
