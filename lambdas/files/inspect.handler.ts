import { ObjectCreated } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { inspectFile } from './inspect-file.ts';
import { Env } from './inspect.env.ts';
import { s3UploadBucket } from './upload-bucket.ts';

const env = parseEnv(Env);
const deps = {
  files: fileStore(dynamoDbTable(env.TABLE_NAME)),
  bucket: s3UploadBucket(env.FILES_BUCKET),
  clock: systemClock,
};

export const handler = queueWorker(ObjectCreated, async ({ detail }) => {
  const { key } = detail.object;
  logger.info('inspected', { key, outcome: await inspectFile(deps, key) });
});
