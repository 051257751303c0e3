import type { File, FileMetadata } from '../../contracts/entities/file.ts';
import { objects, parseUploadKey } from '../../contracts/naming.ts';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { Clock } from '../shared/clock.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { fingerprint } from './fingerprint.ts';
import { INSPECTORS } from './inspectors.ts';
import type { UploadBucket } from './upload-bucket.ts';

export interface InspectDependencies {
  readonly files: FileStore;
  readonly bucket: UploadBucket;
  readonly clock: Clock;
}

type Pending = Extract<File, { status: 'pending' }>;
type Finding = { readonly metadata: FileMetadata } | { readonly reason: string };

/** Below the function's timeout of two minutes, so that a file that takes too long is rejected instead of retried. */
const TIME_LIMIT_MS = 90_000;
const MAX_REASON = 500;

export type Inspection = 'ready' | 'rejected' | 'ignored';

/**
 * Inspects an upload: pending → ready or rejected. Removes an upload without a pending record (a duplicate event, a second
 * use of the form, a deleted file). Idempotent.
 */
export async function inspectFile(deps: InspectDependencies, key: string): Promise<Inspection> {
  const where = parseUploadKey(key);
  if (!where) return 'ignored';
  const file = await deps.files.get(where.fileId, { consistent: true });
  if (file?.owner_id !== where.ownerId || file.status !== 'pending') {
    await deps.bucket.remove(key);
    return 'ignored';
  }
  try {
    const { bytes, etag } = await deps.bucket.open(key);
    return await settle(deps, file, etag, await examine(deps, file, bytes, etag));
  } catch (error) {
    // Another delivery of the event was faster, or the form was used again; that upload has its own event.
    if (error instanceof ObjectMissing) return 'ignored';
    throw error;
  }
}

async function examine(
  { bucket, clock }: InspectDependencies,
  file: Pending,
  bytes: Parameters<typeof fingerprint>[0],
  etag: string,
): Promise<Finding> {
  const started = clock().getTime();
  const checkTime = () => {
    if (clock().getTime() - started > TIME_LIMIT_MS) throw new Unreadable('The file takes too long to read.');
  };
  try {
    const print = await fingerprint(bytes);
    assertSize(file, print.size);
    const open = async () => (await bucket.open(objects.upload(file.owner_id, file.id), etag)).bytes;
    const upload = { print, chosenEncoding: file.chosen?.encoding, open, checkTime };
    return { metadata: await INSPECTORS[file.file_type](upload) };
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.message.slice(0, MAX_REASON) };
    throw error;
  }
}

function assertSize(file: Pending, size: number): void {
  if (size === 0) throw new Unreadable('The file is empty.');
  if (size !== file.size_bytes) {
    throw new Unreadable(`The file has ${size} bytes, but ${file.size_bytes} were announced.`);
  }
  const limit = FILE_KINDS[file.file_type].maxBytes;
  if (size > limit) throw new Unreadable(`The file is larger than ${limit} bytes.`);
}

/** Moves the bytes before it writes the record, so that a ready file always has its bytes. */
async function settle(
  { files, bucket, clock }: InspectDependencies,
  pending: Pending,
  etag: string,
  finding: Finding,
): Promise<Inspection> {
  const upload = objects.upload(pending.owner_id, pending.id);
  const updated_at = clock().toISOString();
  const { chosen: _chosen, ...base } = pending;
  const file: Extract<File, { status: 'ready' | 'rejected' }> =
    'metadata' in finding
      ? { ...base, status: 'ready', metadata: finding.metadata, updated_at }
      : { ...base, status: 'rejected', rejected_reason: finding.reason, updated_at };
  const place =
    file.status === 'ready'
      ? objects.ready(file.owner_id, file.id, file.metadata.sha256)
      : objects.quarantine(file.owner_id, file.id);
  await bucket.copy(upload, etag, place);
  const settled = (await files.inspected(file)) || (await isSettledAs(files, file, place));
  if (!settled) await bucket.remove(place);
  await bucket.remove(upload);
  return settled ? file.status : 'ignored';
}

/** Whether another delivery of the same event had the same result, so that the bytes belong to it. */
async function isSettledAs(files: FileStore, file: File, place: string): Promise<boolean> {
  const stored = await files.get(file.id, { consistent: true });
  if (!stored) return false;
  return 'metadata' in stored
    ? objects.ready(stored.owner_id, stored.id, stored.metadata.sha256) === place
    : stored.status === file.status;
}
