import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects, previewFolder, readyFolder } from '../../contracts/naming.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import type { Clock } from '../shared/clock.ts';
import { retry } from '../shared/retry.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { TASK_MAY_FOLLOW } from '../shared/stores/file-ties.ts';
import type { TaskUse } from '../shared/stores/file-ties.ts';
import type { PartStorage } from './part-storage.ts';
import { uploadKey } from './upload.ts';
import type { UploadBucket } from './upload-bucket.ts';

interface Dependencies {
  readonly files: FileStore;
  readonly bucket: Pick<UploadBucket, 'remove' | 'removeFolder'>;
  readonly parts: Pick<PartStorage, 'abort'>;
  readonly clock: Clock;
}

const RETRIES = {
  attempts: 3,
  isRetryable: (error: unknown) => error instanceof DukeError && error.code === 'conflict',
};

/** @throws DukeError not_found, file_in_use, conflict */
export async function deleteFile(deps: Dependencies, ownerId: string, id: string): Promise<void> {
  await retry(async (attempt) => {
    const file = await deps.files.get(id, { consistent: true });
    // An earlier delete may have stopped between record and bytes. Bytes without a record belong to nobody.
    if (!file) await removeRead(deps.bucket, id);
    if (!file && attempt > 1) return; // A concurrent request deleted it.
    if (file?.owner_id !== ownerId) throw new DukeError('not_found', 'There is no such file of yours.');
    const deleted = 'metadata' in file ? await deleteRead(deps, file) : await deleteUnread(deps, file);
    if (!deleted) throw new DukeError('conflict', 'The file is being changed at this moment: try again.');
  }, RETRIES);
}

/** No task can use a file that is not ready. The inspection removes an upload that arrives later, since it has no record. */
async function deleteUnread({ files, bucket, parts }: Dependencies, file: File): Promise<boolean> {
  if (!(await files.remove(file))) return false;
  if (file.status === 'pending' && file.multipart)
    await parts.abort(uploadKey(file), file.multipart.upload_id);
  await bucket.remove(uploadKey(file));
  await bucket.remove(objects.quarantine(file.id));
  return true;
}

type ReadFile = Extract<File, { metadata: unknown }>;

/**
 * Marks the file and then reads its uses; `FileStore.use` writes the use and then reads the file, so one of the two sees the
 * other. Removes the record before the bytes, and only with this mark, since another delete may have removed its own.
 */
async function deleteRead({ files, bucket, clock }: Dependencies, file: ReadFile): Promise<boolean> {
  const now = clock();
  const markedAt = now.toISOString();
  if (!(await files.markDeleting(file.id, markedAt))) return false;
  const fresh = new Date(now.getTime() - TASK_MAY_FOLLOW).toISOString();
  for await (const uses of files.taskUses(file.id)) {
    const use = uses.find((candidate) => isOpen(candidate, file.owner_id, fresh));
    if (!use) continue;
    await files.unmarkDeleting(file.id, clock().toISOString());
    throw new DukeError('file_in_use', `Task ${use.task_id} still needs it.`);
  }
  if (!(await files.remove({ id: file.id, status: 'deleting', updated_at: markedAt }))) return false;
  await removeRead(bucket, file.id);
  return true;
}

/** Removes the bytes of an inspected file. Those of an upload without a record are removed by its inspection. */
async function removeRead(bucket: Dependencies['bucket'], id: string): Promise<void> {
  await bucket.removeFolder(readyFolder(id));
  await bucket.removeFolder(previewFolder(id));
  await bucket.remove(objects.quarantine(id));
}

/** Ignores ties of other users' tasks, which are from before ownership was checked first. */
const isOpen = (use: TaskUse, ownerId: string, fresh: string): boolean =>
  use.task ? use.task.buyer_id === ownerId && isUnfinished(use.task.status) : use.created_at > fresh;
