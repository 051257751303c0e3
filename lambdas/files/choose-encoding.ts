import type { FileView } from '../../contracts/api/files.ts';
import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import { encodingOf } from '../../contracts/rules/file-kinds.ts';
import type { Clock } from '../shared/clock.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { standardName } from './encoding-name.ts';
import { fileView } from './file-view.ts';
import { uploadKey } from './upload.ts';
import type { UploadBucket } from './upload-bucket.ts';

interface Dependencies {
  readonly files: FileStore;
  readonly bucket: Pick<UploadBucket, 'open' | 'copy'>;
  readonly clock: Clock;
}

type Pending = Extract<File, { status: 'pending' }>;

/**
 * Starts another inspection of a file, in the encoding that its owner chose, by copying its bytes to the upload key. Writes
 * the record first; a repeated request after a crash in between copies the bytes.
 * @throws DukeError not_found, wrong_state, file_in_use, validation_failed
 */
export async function chooseEncoding(
  deps: Dependencies,
  ownerId: string,
  id: string,
  label: string,
): Promise<FileView> {
  const encoding = standardName(label);
  if (encoding === undefined) {
    const message = 'not a label of the Encoding Standard';
    throw new DukeError('validation_failed', `"${label}" is ${message}.`, {
      errors: [{ path: 'encoding', message }],
    });
  }
  const file = await deps.files.get(id, { consistent: true });
  if (file?.owner_id !== ownerId) throw new DukeError('not_found', 'There is no such file of yours.');
  const pending = file.status === 'pending' ? file : await reopened(deps, file, encoding);
  if (pending.chosen?.encoding !== encoding)
    throw new DukeError('wrong_state', 'The file is being inspected: try again when it is ready.');
  const ready = objects.ready(file.id, pending.chosen.sha256);
  const { bytes, etag } = await deps.bucket.open(ready);
  bytes.destroy();
  await deps.bucket.copy(ready, etag, uploadKey(file));
  return fileView(pending, []);
}

/**
 * Marks the file as pending and then reads its uses, while `FileStore.use` writes the use and then reads the file, so one of
 * the two sees the other and no task is planned for a file that is being inspected.
 * @throws DukeError wrong_state, file_in_use
 */
async function reopened({ files, clock }: Dependencies, file: File, encoding: string): Promise<Pending> {
  if (file.status !== 'ready')
    throw new DukeError('wrong_state', `The file is ${file.status}; an encoding is chosen for a ready one.`);
  const now = clock();
  const assertUnused = async (): Promise<void> => {
    const [use] = await files.uses(file.id, file.owner_id, now, { consistent: true });
    if (!use) return;
    throw new DukeError('file_in_use', `Task ${use.task_id} read it in ${encodingOf(file.metadata)}.`);
  };
  await assertUnused();
  const { metadata, ...rest } = file;
  const pending: Pending = {
    ...rest,
    status: 'pending',
    chosen: { encoding, sha256: metadata.sha256 },
    updated_at: now.toISOString(),
  };
  if (!(await files.reopen(pending)))
    throw new DukeError('wrong_state', 'The file is being changed at this moment: try again.');
  try {
    await assertUnused();
  } catch (error) {
    await files.inspected(file);
    throw error;
  }
  return pending;
}
