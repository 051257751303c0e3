import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { unwrap } from '../api/problem.ts';

/** Pricing of this stage; it only changes with a deployment. */
export const usePricing = () =>
  useQuery({
    queryKey: keys.pricing,
    queryFn: () => unwrap(api.GET('/api/v2/pricing')),
    staleTime: 300_000,
  });
