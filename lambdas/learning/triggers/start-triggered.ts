import { logger } from '../../shared/logger.ts';
import { requestRun } from './request-run.ts';
import type { RequestDependencies } from './request-run.ts';

/** Requests the run of a trigger that is stored in the table. */
export async function startTriggered(deps: RequestDependencies, key: string): Promise<void> {
  const stored = await deps.locks.trigger(key);
  if (!stored) throw new Error(`there is no trigger ${key}`);
  const { handled: _handled, run_id: _run, ...trigger } = stored;
  logger.info('training triggered', { key, ...(await requestRun(deps, trigger)) });
}
