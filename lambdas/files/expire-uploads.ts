import type { File } from '../../contracts/entities/file.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { allShards, objects } from '../../contracts/naming.ts';
import { MINUTE } from '../shared/clock.ts';
import type { Clock } from '../shared/clock.ts';
import { logger } from '../shared/logger.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { FileStore, PendingFile } from '../shared/stores/file-store.ts';
import { MULTIPART_MS } from './multipart-plan.ts';
import { uploadKey } from './upload.ts';
import type { UploadBucket } from './upload-bucket.ts';

export interface ExpireDependencies {
  readonly files: FileStore;
  readonly bucket: UploadBucket;
  readonly clock: Clock;
}

type Pending = Extract<File, { status: 'pending' }>;

/** Maximum duration of an inspection, with waits and retries, after the upload form expires. */
export const INSPECTION_MINUTES = 15;
const MAX_PENDING_MS = (LIMITS.uploadMinutes.value + INSPECTION_MINUTES) * MINUTE;
const MAX_MULTIPART_PENDING_MS = MULTIPART_MS + INSPECTION_MINUTES * MINUTE;
const PAGE = 50;

const notSent = (within: string): string =>
  `The file was not sent within ${within} after it was announced. Announce it again.`;
const NOT_INSPECTED =
  'The file could not be inspected, which is a fault of ours. Send it again; if that fails too, in another format.';

/**
 * Rejects an upload that was not inspected: it was never sent, or its inspection crashed, took too long, or was not started.
 * False if it is not pending any more.
 */
export async function rejectPending(
  { files, bucket, clock }: ExpireDependencies,
  file: Pending,
): Promise<boolean> {
  const upload = uploadKey(file);
  const sent = await quarantined(bucket, upload, objects.quarantine(file.id));
  const { chosen: _chosen, multipart: _multipart, ...base } = file;
  const rejected = await files.inspected({
    ...base,
    status: 'rejected',
    rejected_reason: sent ? NOT_INSPECTED : notSent(timeToSend(file)),
    updated_at: clock().toISOString(),
  });
  if (rejected && sent) await bucket.remove(upload);
  return rejected;
}

const timeToSend = (file: Pending): string =>
  file.multipart ? `${LIMITS.multipartHours.value} hours` : `${LIMITS.uploadMinutes.value} minutes`;

/** Whether an upload can no longer arrive and be inspected. One in parts may take a day. */
const isOverdue = (file: Pending, now: Date): boolean =>
  !file.multipart || now.getTime() - new Date(file.created_at).getTime() > MAX_MULTIPART_PENDING_MS;

/** Moves the bytes to quarantine for investigation. False if there are none. */
async function quarantined(bucket: UploadBucket, upload: string, quarantine: string): Promise<boolean> {
  try {
    const { bytes, etag } = await bucket.open(upload);
    bytes.destroy();
    await bucket.copy(upload, etag, quarantine);
    return true;
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}

export interface Expired {
  rejected: number;
  failed: number;
}

/** Rejects all uploads that are pending for too long, each independently. */
export async function expireUploads(deps: ExpireDependencies): Promise<Expired> {
  const expired: Expired = { rejected: 0, failed: 0 };
  const before = new Date(deps.clock().getTime() - MAX_PENDING_MS).toISOString();
  for (const shard of allShards()) {
    for await (const { id } of pendingIn(deps.files, shard, before)) {
      try {
        const file = await deps.files.get(id, { consistent: true });
        if (file?.status !== 'pending' || !isOverdue(file, deps.clock())) continue;
        if (await rejectPending(deps, file)) expired.rejected += 1;
      } catch (error) {
        logger.error('pending upload not ended', { error: error as Error, file_id: id });
        expired.failed += 1;
      }
    }
  }
  return expired;
}

/** Pages of overdue uploads. One that cannot be rejected stays in the index and is skipped. */
async function* pendingIn(files: FileStore, shard: number, before: string): AsyncGenerator<PendingFile> {
  const page = (after?: PendingFile) => files.pendingSince(shard, before, PAGE, after);
  for (let entries = await page(); entries.length > 0; entries = await page(entries.at(-1))) yield* entries;
}
