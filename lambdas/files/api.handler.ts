import { filePartOperations } from '../../contracts/api/file-parts.ts';
import { fileOperations } from '../../contracts/api/files.ts';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { Env } from './api.env.ts';
import { filesHandlers } from './handlers.ts';
import { s3PartStorage } from './part-storage.ts';
import { s3Transfer } from './transfer.ts';
import { s3UploadBucket } from './upload-bucket.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const s3 = new S3Client();

export const handler = createApi(
  { ...fileOperations, ...filePartOperations },
  apiDependencies(env, table),
  filesHandlers({
    files: fileStore(table),
    parts: s3PartStorage(env.FILES_BUCKET, systemClock, s3),
    transfer: s3Transfer(env.FILES_BUCKET, systemClock, s3),
    bucket: s3UploadBucket(env.FILES_BUCKET, s3),
    clock: systemClock,
  }),
);
