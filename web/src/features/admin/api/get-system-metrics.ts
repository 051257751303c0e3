import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** How far back, in whole hours. */
export const WINDOWS = ['1h', '24h', '7d', '30d'] as const;
export type Window = (typeof WINDOWS)[number];

const POLL_MS = 15_000;

export const useSystemMetrics = (window: Window) =>
  useQuery({
    queryKey: [...keys.admin, 'metrics', window],
    queryFn: () => unwrap(api.GET('/api/v2/admin/system-metrics', { params: { query: { window } } })),
    refetchInterval: POLL_MS,
    placeholderData: (before) => before, // the figures of the last window stay until those of the next are there
  });
