import { StepInput, Warmed } from '../../../contracts/learning/steps.ts';
import { systemClock } from '../../shared/clock.ts';
import { sageMakerClient } from '../../shared/duke-mm-client.ts';
import { parseEnv } from '../../shared/env.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { modelStore } from '../../shared/stores/model-store.ts';
import { runStore } from '../../shared/stores/run-store.ts';
import { endpointInstances } from './endpoint-instances.ts';
import { step } from './step.ts';
import { warm } from './warm.ts';
import { WarmEnv } from './pipeline.env.ts';

const env = parseEnv(WarmEnv);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  runs: runStore(table),
  models: modelStore(table),
  dukeMM: sageMakerClient(env.ENDPOINT_NAME),
  instanceCount: endpointInstances(env.ENDPOINT_NAME),
  clock: systemClock,
};

export const handler = step(StepInput, Warmed, ({ run_id }) => warm(deps, run_id));
