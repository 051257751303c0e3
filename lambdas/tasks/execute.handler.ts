import { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { taskStore } from '../shared/stores/task-store.ts';
import { sqsQueue } from '../shared/workers/queue.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { sageMakerClient } from '../shared/duke-mm-client.ts';
import { Env } from './execute.env.ts';
import { executeChunk } from './execute-chunk.ts';

const env = parseEnv(Env);
const queue = sqsQueue<ChunkMessage>(env.EXECUTE_QUEUE_URL);
const deps = {
  tasks: taskStore(dynamoDbTable(env.TABLE_NAME)),
  work: s3ObjectStore(env.WORK_BUCKET),
  dukeMM: sageMakerClient(env.ENDPOINT_NAME),
  requeue: (message: ChunkMessage, delaySeconds: number) => queue.send(message, delaySeconds),
  clock: systemClock,
  maxReceives: env.MAX_RECEIVES,
};

export const handler = queueWorker(
  ChunkMessage,
  (message, { receiveCount }) => executeChunk(deps, message, receiveCount),
  (receiptHandle, seconds) => queue.retryAfter(receiptHandle, seconds),
);
