import type { fileOperations } from '../../contracts/api/files.ts';
import type { Handlers } from '../shared/http/api.ts';
import type { Clock } from '../shared/clock.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { chooseEncoding } from './choose-encoding.ts';
import { deleteFile } from './delete-file.ts';
import { getFile, listFiles } from './read-files.ts';
import type { Transfer } from './transfer.ts';
import { uploadFile } from './upload-file.ts';
import type { UploadBucket } from './upload-bucket.ts';

export interface FilesDependencies {
  readonly files: FileStore;
  readonly transfer: Transfer;
  readonly bucket: Pick<UploadBucket, 'open' | 'copy' | 'remove' | 'removeFolder'>;
  readonly clock: Clock;
}

export const filesHandlers = (deps: FilesDependencies): Handlers<typeof fileOperations> => ({
  async uploadFile({ body }, { caller, newId, reply }) {
    const { file, upload, repeated } = await uploadFile(deps, caller.userId, body, newId);
    reply.replayed = repeated;
    return { file, upload };
  },
  listFiles: ({ query }, { caller }) => listFiles(deps, caller.userId, query),
  getFile: ({ params, query }, { caller, scope }) =>
    getFile(deps, caller, scope, { id: params.file_id, sha256: query.sha256 }),
  chooseEncoding: ({ params, body }, { caller }) =>
    chooseEncoding(deps, caller.userId, params.file_id, body.encoding),
  deleteFile: ({ params }, { caller }) => deleteFile(deps, caller.userId, params.file_id),
});
