import { DukeNet } from '../../client/typescript/src/index.ts';
import { poll } from '../shared/poll.ts';

const POLL_MS = 1000;

const admin = (apiUrl: string): Promise<DukeNet> =>
  new DukeNet({ baseUrl: apiUrl }).login('admin@dukenet.local', 'DukeNET-local-1');

/** Requests a training run, which queues behind an active one. */
export async function askForRun(apiUrl: string): Promise<void> {
  await (await admin(apiUrl)).call('triggerRetraining', { body: { reason: 'kills' } });
}

/**
 * Waits until no run is active: each has ended and the lock is free.
 * @returns the number of runs by status
 */
export async function runsOver(apiUrl: string, timeoutMs: number): Promise<Readonly<Record<string, number>>> {
  const api = await admin(apiUrl);
  let state = 'no run was seen';
  await poll(
    async () => {
      const { run } = await api.call('getModelStatus', {});
      if (run) state = `run ${run.id} is still ${run.status}`;
      return run === null ? true : undefined;
    },
    { everyMs: POLL_MS, timeoutMs, timeout: () => `${state}: its lock was not released` },
  );
  const { items } = await api.call('listRuns', { query: { limit: 100 } });
  const counts: Record<string, number> = {};
  for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
