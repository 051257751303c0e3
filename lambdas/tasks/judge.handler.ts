import { verdictOperations } from '../../contracts/api/results.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { giveFeedback } from './feedback.ts';
import { Env } from './judge.env.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  files: fileStore(table),
  results: resultStore(table),
  uploads: s3ObjectStore(env.FILES_BUCKET),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
};

export const handler = createApi(verdictOperations, apiDependencies(env, table), {
  giveFeedback: ({ params, body }, { caller, newId }) =>
    giveFeedback(deps, caller.userId, params.result_id, body, newId),
});
