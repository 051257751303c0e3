import * as z from 'zod';
import { envelope } from '../../../contracts/events/index.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseEnv } from '../../shared/env.ts';
import { s3ObjectStore } from '../../shared/objects.ts';
import { agentStore } from '../../shared/stores/agent-store.ts';
import { dynamoDbTable } from '../../shared/stores/dynamodb-table.ts';
import { recallStore } from '../../shared/stores/recall-store.ts';
import { resultStore } from '../../shared/stores/result-store.ts';
import { taskStore } from '../../shared/stores/task-store.ts';
import { trainingLockStore } from '../../shared/stores/training-lock-store.ts';
import { trainingStore } from '../../shared/stores/training-store.ts';
import { recordBatch } from './record-batch.ts';
import { RecordEnv } from './outcomes.env.ts';

const env = parseEnv(RecordEnv);
const table = dynamoDbTable(env.TABLE_NAME);

const events = z.discriminatedUnion('detail-type', [
  envelope('result.judged'),
  envelope('task.training_withdrawn'),
]);

export const handler = recordBatch(events, {
  tasks: taskStore(table),
  results: resultStore(table),
  training: trainingStore(table),
  locks: trainingLockStore(table),
  recalls: recallStore(table),
  agents: agentStore(table),
  work: s3ObjectStore(env.WORK_BUCKET),
  clock: systemClock,
});
