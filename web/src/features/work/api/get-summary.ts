import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** What the agent did and earned in the last days. */
export const useSummary = (days: number) =>
  useQuery({
    queryKey: [...keys.analytics, 'summary', days],
    queryFn: () => unwrap(api.GET('/api/v2/analytics/summary', { params: { query: { days } } })),
  });
