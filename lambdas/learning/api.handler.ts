import { modelOperations } from '../../contracts/api/model.ts';
import { systemClock } from '../shared/clock.ts';
import { downloadUrls } from '../shared/download-url.ts';
import { sageMakerClient } from '../shared/duke-mm-client.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { auditLog } from '../shared/stores/audit-log.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { runStore } from '../shared/stores/run-store.ts';
import { trainingLockStore } from '../shared/stores/training-lock-store.ts';
import { trainingStore } from '../shared/stores/training-store.ts';
import { trialStore } from '../shared/stores/trial-store.ts';
import { Env } from './api.env.ts';
import { askForRun } from './versions/ask-for-run.ts';
import { endpointInstances } from './pipeline/endpoint-instances.ts';
import { endpointStatus } from './versions/endpoint-status.ts';
import { stepFunctions } from './triggers/executions.ts';
import { modelMetrics } from './versions/model-metrics.ts';
import { modelStatus } from './versions/model-status.ts';
import { promoteByHand } from './pipeline/promote.ts';
import { getRun, listRuns, listVersions } from './versions/read-models.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  models: modelStore(table),
  runs: runStore(table),
  audit: auditLog(table),
  locks: trainingLockStore(table),
  training: trainingStore(table),
  agents: agentStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  downloadUrl: downloadUrls(env.WORK_BUCKET),
  dukeMM: sageMakerClient(env.ENDPOINT_NAME),
  executions: stepFunctions(env.TRAINING_MACHINE_ARN),
  endpointStatus: endpointStatus(env.ENDPOINT_NAME),
  instanceCount: endpointInstances(env.ENDPOINT_NAME),
  trials: trialStore(table),
  watch: {
    seconds: env.WATCH_SECONDS,
    maxItems: env.TRIAL_MAX_ITEMS,
    soleBuyerDecides: env.SOLE_BUYER_DECIDES,
  },
  nightlyAt: env.NIGHTLY_AT,
  clock: systemClock,
};

export const handler = createApi(modelOperations, apiDependencies(env, table), {
  train: ({ body }, { caller, newId }) => askForRun(deps, caller, body.reason, newId),
  triggerRetraining: ({ body }, { caller, newId }) => askForRun(deps, caller, body.reason, newId),
  getModelStatus: (_input, { caller }) => modelStatus(deps, caller),
  getModelMetrics: ({ query }, { caller }) => modelMetrics(deps, caller, query.version),
  listVersions: ({ query }) => listVersions(deps, query),
  listRuns: ({ query }) => listRuns(deps, query),
  getRun: ({ params }) => getRun(deps, params.run_id),
  promoteVersion: ({ params, body }, { caller }) =>
    promoteByHand(deps, caller.userId, params.version, body.override_reason),
});
