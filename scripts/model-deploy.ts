/**
 * Deploys the first model of a stage: the endpoint in service, version 1 in the registry and in production. Does only
 * what is missing, and never replaces a later version.
 *
 * On AWS the training pipeline makes version 1, like all others. On a laptop `dukemm init` makes it from the encoders
 * alone within seconds, unless `--by run` is given.
 */
import * as z from 'zod';
import { endpointName } from '../contracts/naming.ts';
import { dynamoDbTable } from '../lambdas/shared/stores/dynamodb-table.ts';
import { modelStore } from '../lambdas/shared/stores/model-store.ts';
import type { ModelStore } from '../lambdas/shared/stores/model-store.ts';
import { runStore } from '../lambdas/shared/stores/run-store.ts';
import { trainingLockStore } from '../lambdas/shared/stores/training-lock-store.ts';
import { bootstrapByRun } from './shared/bootstrap-run.ts';
import { commandLine, run, say, StageName } from './shared/command-line.ts';
import { ensureFirstVersion, FIRST } from './shared/model-registry.ts';
import { ensureLocalEndpoint, waitInService } from './shared/serving-endpoint.ts';
import { dataOutputs } from './shared/stack-outputs.ts';

const Arguments = z.strictObject({ stage: StageName, by: z.enum(['run', 'init']).optional() });

async function bootstrapByInit(models: ModelStore, workBucket: string): Promise<void> {
  const { kinds } = await ensureFirstVersion(models, workBucket);
  await models.promote(
    { revision: 1, version: FIRST, previous: null, by: 'deployment', at: new Date().toISOString() },
    kinds,
  );
}

await run(async () => {
  const usage = 'scripts/model-deploy.ts --stage local|dev|prod [--by run|init]';
  const { stage, by = stage === 'local' ? 'init' : 'run' } = commandLine(usage, Arguments);
  const outputs = await dataOutputs(stage);
  const table = dynamoDbTable(outputs.TableName);
  const models = modelStore(table);
  const endpoint = endpointName(stage);

  // On AWS the serving stack creates the endpoint.
  if (stage === 'local') await ensureLocalEndpoint(endpoint, outputs.WorkBucket);
  if (by === 'init') await bootstrapByInit(models, outputs.WorkBucket);
  await waitInService(endpoint);
  if (by === 'run') {
    await bootstrapByRun({ models, locks: trainingLockStore(table), runs: runStore(table) });
  }
  say(`Version ${(await models.routing())?.production} is in production`);
});
