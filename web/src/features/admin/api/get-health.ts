import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

const POLL_MS = 30_000;

export const useHealth = () =>
  useQuery({
    queryKey: [...keys.admin, 'health'],
    queryFn: () => unwrap(api.GET('/api/v2/health')),
    refetchInterval: POLL_MS,
  });
