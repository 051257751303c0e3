import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';
import { isActive } from '../words.ts';
import { RUN_POLL_MS } from './get-status.ts';

/** Administrators only. Polls until the run has ended. */
export const useRun = (run_id: string, enabled = true) =>
  useQuery({
    queryKey: [...keys.model, 'runs', 'one', run_id],
    queryFn: () => unwrap(api.GET('/api/v2/model/runs/{run_id}', { params: { path: { run_id } } })),
    enabled,
    refetchInterval: ({ state }) => (state.data && isActive(state.data) ? pollMs(RUN_POLL_MS) : false),
  });
