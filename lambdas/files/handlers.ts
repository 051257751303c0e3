import type { filePartOperations } from '../../contracts/api/file-parts.ts';
import type { fileOperations } from '../../contracts/api/files.ts';
import type { Handlers } from '../shared/http/api.ts';
import type { Clock } from '../shared/clock.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { chooseEncoding } from './choose-encoding.ts';
import { deleteFile } from './delete-file.ts';
import { completeUpload, listParts, signParts } from './multipart-upload.ts';
import type { PartStorage } from './part-storage.ts';
import { getFile, listFiles } from './read-files.ts';
import type { Transfer } from './transfer.ts';
import { uploadFile } from './upload-file.ts';
import type { UploadBucket } from './upload-bucket.ts';

export interface FilesDependencies {
  readonly files: FileStore;
  readonly transfer: Transfer;
  readonly parts: PartStorage;
  readonly bucket: Pick<UploadBucket, 'open' | 'copy' | 'remove' | 'removeFolder'>;
  readonly clock: Clock;
}

export const filesHandlers = (
  deps: FilesDependencies,
): Handlers<typeof fileOperations & typeof filePartOperations> => ({
  async uploadFile({ body }, { caller, newId, reply }) {
    const { repeated, ...announced } = await uploadFile(deps, caller.userId, body, newId);
    reply.replayed = repeated;
    return announced;
  },
  listFiles: ({ query }, { caller }) => listFiles(deps, caller.userId, query),
  getFile: ({ params, query }, { caller, scope }) =>
    getFile(deps, caller, scope, { id: params.file_id, sha256: query.sha256 }),
  signParts: ({ params, body }, { caller }) => signParts(deps, caller.userId, params.file_id, body.parts),
  listParts: ({ params }, { caller }) => listParts(deps, caller.userId, params.file_id),
  completeUpload: ({ params }, { caller }) => completeUpload(deps, caller.userId, params.file_id),
  chooseEncoding: ({ params, body }, { caller }) =>
    chooseEncoding(deps, caller.userId, params.file_id, body.encoding),
  deleteFile: ({ params }, { caller }) => deleteFile(deps, caller.userId, params.file_id),
});
