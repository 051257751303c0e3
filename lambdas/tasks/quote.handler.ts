import { quoteOperations } from '../../contracts/api/quotes.ts';
import { systemClock } from '../shared/clock.ts';
import { sageMakerClient } from '../shared/duke-mm-client.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { agentProfileStore } from '../shared/stores/agent-profile-store.ts';
import { agentStore } from '../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { quoteStore } from '../shared/stores/quote-store.ts';
import { recallStore } from '../shared/stores/recall-store.ts';
import { quoteTask } from './quote-task.ts';
import { Env } from './quote.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  files: fileStore(table),
  agents: agentStore(table),
  profiles: agentProfileStore(table),
  models: modelStore(table),
  recalls: recallStore(table),
  quotes: quoteStore(table),
  uploads: s3ObjectStore(env.FILES_BUCKET),
  work: s3ObjectStore(env.WORK_BUCKET),
  dukeMM: sageMakerClient(env.ENDPOINT_NAME),
  clock: systemClock,
  stopwatch: () => performance.now(),
  basePriceSatoshis: env.BASE_PRICE_SATOSHIS,
  deadlineMinutes: env.DUKE_DEADLINE_MINUTES,
  agentDeadlineMinutes: env.AGENT_DEADLINE_MINUTES,
};

export const handler = createApi(quoteOperations, apiDependencies(env, table), {
  quoteTask: ({ body }, { caller, newId }) => quoteTask(deps, caller, body, newId),
});
