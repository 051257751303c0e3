import type { Inspection } from '../../contracts/rules/file-kinds.ts';
import { ObjectCreated } from '../../contracts/events/index.ts';
import { systemClock } from '../shared/clock.ts';
import { logger } from '../shared/logger.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { sqsQueue } from '../shared/workers/queue.ts';
import { queueWorker } from '../shared/workers/queue-worker.ts';
import { inspectUpload } from './inspect-upload.ts';
import type * as z from 'zod';
import type { InspectEnv } from './inspect-env.ts';
import type { InspectorsOf } from './upload.ts';
import { s3UploadBucket } from './upload-bucket.ts';

/** The handler of one family of files: takes the events of new uploads from its queue. */
export function inspectWorker<I extends Inspection>(
  env: z.infer<typeof InspectEnv>,
  inspectors: InspectorsOf<I>,
) {
  const deps = {
    files: fileStore(dynamoDbTable(env.TABLE_NAME)),
    bucket: s3UploadBucket(env.FILES_BUCKET),
    clock: systemClock,
    inspectors,
  };
  const queue = sqsQueue(env.UPLOADS_QUEUE_URL);
  return queueWorker(
    ObjectCreated,
    async ({ detail }, { receiveCount }) => {
      const { key } = detail.object;
      const outcome = await inspectUpload(deps, key, { lastTry: receiveCount >= env.MAX_RECEIVES });
      logger.info('inspected', { key, outcome });
    },
    (receiptHandle, seconds) => queue.retryAfter(receiptHandle, seconds),
  );
}
