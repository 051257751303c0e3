import { parseEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { concludeDependencies } from './conclude-dependencies.ts';
import { reconcile } from './reconcile.ts';
import { ReconcileEnv } from './pipeline.env.ts';

const deps = concludeDependencies(parseEnv(ReconcileEnv));

/** The lock identifies the run, whatever triggered the function. */
export const handler = async (): Promise<void> => {
  logger.info('reconciled', { lock: await reconcile(deps) });
};
