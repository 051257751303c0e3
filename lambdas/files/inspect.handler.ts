import { ObjectCreated } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { sqsQueue } from '../shared/workers/queue.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { inspectUpload } from './inspect-upload.ts';
import { Env } from './inspect.env.ts';
import { s3UploadBucket } from './upload-bucket.ts';

const env = parseEnv(Env);
const deps = {
  files: fileStore(dynamoDbTable(env.TABLE_NAME)),
  bucket: s3UploadBucket(env.FILES_BUCKET),
  clock: systemClock,
};

const queue = sqsQueue(env.UPLOADS_QUEUE_URL);

export const handler = queueWorker(
  ObjectCreated,
  async ({ detail }, { receiveCount }) => {
    const { key } = detail.object;
    const outcome = await inspectUpload(deps, key, { lastTry: receiveCount >= env.MAX_RECEIVES });
    logger.info('inspected', { key, outcome });
  },
  (receiptHandle, seconds) => queue.retryAfter(receiptHandle, seconds),
);
