import type { File } from '../../../contracts/entities/file.ts';
import { KIND_OF_MEDIA_TYPE } from '../../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../../contracts/rules/file-kinds.ts';
import { objects } from '../../../contracts/naming.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { uploadKey } from '../../../lambdas/files/upload.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from './inspectors.ts';
import { memoryBucket } from './memory-bucket.ts';
import { memoryTable } from './memory-table.ts';

const AT = '2026-03-01T12:00:00.000Z';

/** Uploads bytes and inspects them: the file, and what is stored of it, by the end of its key. */
export async function inspectBytes(
  content_type: MediaType,
  bytes: Buffer,
  filename = 'file',
  sheet?: string,
) {
  const files = fileStore(memoryTable());
  const bucket = memoryBucket();
  const pending: Extract<File, { status: 'pending' }> = {
    id: newId(),
    owner_id: newId(),
    filename,
    content_type,
    file_type: KIND_OF_MEDIA_TYPE[content_type],
    size_bytes: bytes.length,
    ...(sheet !== undefined && { sheet }),
    created_at: AT,
    updated_at: AT,
    status: 'pending',
  };
  await files.create(pending);
  bucket.objects.set(uploadKey(pending), bytes);
  await inspectFile({ files, bucket, clock: () => new Date(AT), inspectors }, uploadKey(pending));
  const file = (await files.get(pending.id))!;
  const stored = (hash: string) => bucket.objects.get(objects.ready(file.id, hash));
  return { file, files, bucket, stored };
}
