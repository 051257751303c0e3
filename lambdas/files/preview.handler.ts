import { previewOperations } from '../../contracts/api/previews.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { apiDependencies } from '../shared/http/dependencies.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { dynamoDbTable } from '../shared/stores/dynamodb-table.ts';
import { fileStore } from '../shared/stores/file-store.ts';
import { Env } from './preview.env.ts';
import { previewFile } from './preview-file.ts';
import { drawInWorker } from './previews/draw-in-worker.ts';

const env = parseEnv(Env);
const table = dynamoDbTable(env.TABLE_NAME);
const deps = { files: fileStore(table), store: s3ObjectStore(env.FILES_BUCKET), draw: drawInWorker };

export const handler = createApi(previewOperations, apiDependencies(env, table), {
  previewFile: ({ params, query }, { caller, scope }) =>
    previewFile(deps, caller, scope, { id: params.file_id, ...query }),
});
