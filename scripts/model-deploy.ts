/**
 * Gives a stage its first model: version 1 into the registry, the endpoint in service, the routing to it. Does only what
 * is missing, and never takes a stage back from a later version.
 */
import * as z from 'zod';
import { endpointName } from '../contracts/naming.ts';
import { dynamoDbTable } from '../lambdas/shared/stores/dynamodb-table.ts';
import { modelStore } from '../lambdas/shared/stores/model-store.ts';
import { commandLine, run, say, StageName } from './shared/command-line.ts';
import { ensureFirstVersion, FIRST } from './shared/model-registry.ts';
import { ensureLocalEndpoint, waitInService } from './shared/serving-endpoint.ts';
import { dataOutputs } from './shared/stack-outputs.ts';

const Arguments = z.strictObject({ stage: StageName });

await run(async () => {
  const { stage } = commandLine('scripts/model-deploy.ts --stage local|dev|prod', Arguments);
  const outputs = await dataOutputs(stage);
  const models = modelStore(dynamoDbTable(outputs.TableName));
  const endpoint = endpointName(stage);

  const { kinds } = await ensureFirstVersion(models, outputs.WorkBucket);
  // On AWS the endpoint is part of the application stack.
  if (stage === 'local') await ensureLocalEndpoint(endpoint, outputs.WorkBucket);
  await waitInService(endpoint);

  const promotion = {
    revision: 1,
    version: FIRST,
    previous: null,
    by: 'deployment',
    at: new Date().toISOString(),
  } as const;
  const routed = await models.promote(promotion, kinds);
  const production = routed ? FIRST : (await models.routing())?.production;
  say(routed ? `Version ${FIRST} is in production` : `Version ${production} stays in production`);
});
