import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { expireUploads } from './expire-uploads.ts';
import { Env } from './expire.env.ts';
import { s3UploadBucket } from './upload-bucket.ts';

const env = parseEnv(Env);
const deps = {
  files: fileStore(dynamoDbTable(env.TABLE_NAME)),
  bucket: s3UploadBucket(env.FILES_BUCKET),
  clock: systemClock,
};

export const handler = async (): Promise<void> => {
  const expired = await expireUploads(deps);
  if (expired.rejected + expired.failed > 0) logger.info('uploads expired', { ...expired });
};
