import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { unwrap } from '../api/problem.ts';
import { LiveConnection } from './connection.ts';
import type { LiveEvent } from './connection.ts';

/** Query keys that an event invalidates. */
const OUTDATED: Readonly<Record<LiveEvent['type'], readonly (readonly string[])[]>> = {
  'task.updated': [keys.tasks, keys.results, keys.agents],
  'result.created': [keys.tasks, keys.results],
  'agent.assigned': [keys.tasks, keys.agents],
  'wallet.updated': [keys.wallet, keys.analytics],
  'model.run.updated': [keys.model],
};

/** While events arrive, polling is only a fallback for lost ones. */
const CONNECTED_POLL_MS = 30_000;

let connection: LiveConnection | undefined;

/** Poll interval: as given, or longer while events arrive. */
export const pollMs = (ms: number): number => (connection?.isOpen() ? Math.max(ms, CONNECTED_POLL_MS) : ms);

const connect = (client: QueryClient): LiveConnection =>
  new LiveConnection({
    getTicket: () => unwrap(api.POST('/api/v2/live/ticket')),
    listEvents: (after) => unwrap(api.GET('/api/v2/events', { params: { query: { after, limit: 100 } } })),
    openSocket: (url) => new WebSocket(url),
    onEvent: ({ type }) => {
      for (const queryKey of OUTDATED[type]) void client.invalidateQueries({ queryKey });
    },
    onUncertain: () => {
      for (const queryKey of new Set(Object.values(OUTDATED).flat()))
        void client.invalidateQueries({ queryKey });
    },
  });

/** Invalidates queries on live events while this user is signed in. Mounted once. */
export function useLiveEvents(userId: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (userId === undefined) return;
    const own = connect(client);
    connection = own;
    return () => {
      own.stop();
      if (connection === own) connection = undefined;
    };
  }, [client, userId]);
}
