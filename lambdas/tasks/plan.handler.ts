import { envelope } from '../../contracts/events/index.ts';
import type { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { modelStore } from '../shared/stores/model-store.ts';
import { recallStore } from '../shared/stores/recall-store.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { sqsQueue } from '../shared/workers/queue.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { Env } from './plan.env.ts';
import { planTask } from './plan-task.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const queue = sqsQueue<ChunkMessage>(env.EXECUTE_QUEUE_URL);
const deps = {
  tasks: taskStore(table),
  files: fileStore(table),
  models: modelStore(table),
  recalls: recallStore(table),
  uploads: s3ObjectStore(env.FILES_BUCKET),
  work: s3ObjectStore(env.WORK_BUCKET),
  enqueue: queue.sendAll,
  clock: systemClock,
};

export const handler = queueWorker(envelope('task.created'), ({ detail }) => planTask(deps, detail.task_id));
