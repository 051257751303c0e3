import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { pollMs } from '../../../lib/live/index.ts';
import type { ModelStatus } from '../../../lib/api/types.ts';

/** An epoch takes about two seconds on the embedded stack, and minutes elsewhere. */
export const RUN_POLL_MS = 3_000;
/** A run may start at any time. */
const IDLE_POLL_MS = 30_000;

export const useModelStatus = () =>
  useQuery({
    queryKey: [...keys.model, 'status'],
    queryFn: () => unwrap(api.GET('/api/v2/model/status')),
    refetchInterval: ({ state }) => pollMs(state.data?.run ? RUN_POLL_MS : IDLE_POLL_MS),
  });

const OUTDATED = ['metrics', 'versions', 'version', 'runs'];

/** When a run starts or ends, or another version serves, refetches everything about versions and runs. */
export function useFreshModel(status: ModelStatus | undefined): void {
  const client = useQueryClient();
  const now = status && `${status.run?.id ?? ''} ${status.production?.version ?? ''}`;
  const before = useRef(now);
  useEffect(() => {
    if (before.current !== undefined && before.current !== now)
      for (const part of OUTDATED) void client.invalidateQueries({ queryKey: [...keys.model, part] });
    before.current = now;
  }, [client, now]);
}
