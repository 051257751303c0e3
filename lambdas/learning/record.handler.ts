import { envelope } from '../../contracts/events/index.ts';
import { parseEnv } from '../shared/env.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { resultStore } from '../shared/stores/result-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { trainingStore } from '../shared/stores/training-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { Env } from './record.env.ts';
import { recordOutcomes } from './record-outcomes.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = {
  tasks: taskStore(table),
  results: resultStore(table),
  training: trainingStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
};

export const handler = queueWorker(envelope('result.judged'), ({ detail }) => recordOutcomes(deps, detail));
