import { logger } from '../../shared/logger.ts';
import { requestRun } from './request-run.ts';
import type { RequestDependencies } from './request-run.ts';

/** Starts, or remembers, the run of a cause that was put down in the table. */
export async function startTriggered(deps: RequestDependencies, key: string): Promise<void> {
  const known = await deps.locks.trigger(key);
  if (!known) throw new Error(`there is no trigger ${key}`);
  const { handled: _handled, run_id: _run, ...trigger } = known;
  logger.info('training triggered', { key, ...(await requestRun(deps, trigger)) });
}
