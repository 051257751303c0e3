import type * as z from 'zod';
import type { FileView, MultipartPlan, UploadTarget } from '../../contracts/api/files.ts';
import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { KIND_OF_MEDIA_TYPE } from '../../contracts/rules/file-kinds.ts';
import type { MediaType } from '../../contracts/rules/file-kinds.ts';
import { isSentInParts } from '../../contracts/rules/multipart.ts';
import type { Clock } from '../shared/clock.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { fileView } from './file-view.ts';
import { planOf } from './multipart-plan.ts';
import type { Transfer } from './transfer.ts';
import { uploadKey } from './upload.ts';

interface Dependencies {
  readonly files: FileStore;
  readonly transfer: Transfer;
  readonly clock: Clock;
}

export interface Announcement {
  readonly filename: string;
  readonly content_type: MediaType;
  readonly size_bytes: number;
  /** Of a workbook: the sheet to read. */
  readonly sheet?: string | undefined;
}

export interface AnnouncedUpload {
  readonly file: FileView;
  readonly upload: z.infer<typeof UploadTarget>;
  readonly multipart?: MultipartPlan;
  /** Whether the same request was answered before. */
  readonly repeated: boolean;
}

/**
 * Records a file and hands out the form to send it with. `id` is the same for the same Idempotency-Key: a repeated request
 * finds its own record and gets a new form. The form is a credential for 15 minutes: it is stored nowhere.
 * @throws DukeError idempotency_key_reused
 */
export async function uploadFile(
  { files, transfer, clock }: Dependencies,
  ownerId: string,
  announced: Announcement,
  id: string,
): Promise<AnnouncedUpload> {
  const at = clock().toISOString();
  const pending: Extract<File, { status: 'pending' }> = {
    id,
    owner_id: ownerId,
    ...announced,
    file_type: KIND_OF_MEDIA_TYPE[announced.content_type],
    created_at: at,
    updated_at: at,
    status: 'pending',
  };
  const created = await files.create(pending);
  const file = created ? pending : await foundAgain(files, pending);
  const key = uploadKey(pending);
  const upload = await transfer.uploadTo(key, announced.content_type, announced.size_bytes);
  const multipart = isSentInParts(file.size_bytes) && { multipart: planOf(file) };
  return { file: fileView(file, []), upload, ...multipart, repeated: !created };
}

async function foundAgain(files: FileStore, pending: File): Promise<File> {
  const stored = await files.get(pending.id, { consistent: true });
  const same =
    stored?.owner_id === pending.owner_id &&
    stored.filename === pending.filename &&
    stored.content_type === pending.content_type &&
    stored.size_bytes === pending.size_bytes &&
    stored.sheet === pending.sheet;
  if (stored && same) return stored;
  throw new DukeError('idempotency_key_reused', 'This key announced another file; use a new one.');
}
