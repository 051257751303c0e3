import type { FileMetadata } from '../../contracts/entities/file-metadata.ts';
import type { File } from '../../contracts/entities/file.ts';
import { objects, parseUploadKey } from '../../contracts/naming.ts';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { FileKind } from '../../contracts/rules/file-kinds.ts';
import type { Clock } from '../shared/clock.ts';
import { sha256 } from '../shared/ids.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { fingerprint } from './fingerprint.ts';
import { uploadKey } from './upload.ts';
import type { AnyInspector, KeptCopy } from './upload.ts';
import type { UploadBucket } from './upload-bucket.ts';

export interface InspectDependencies {
  readonly files: FileStore;
  readonly bucket: UploadBucket;
  readonly clock: Clock;
  /** Of the kinds of file that this function inspects. */
  readonly inspectors: { readonly [K in FileKind]?: AnyInspector };
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
  const fileId = parseUploadKey(key);
  if (fileId === undefined) return 'ignored';
  const file = await deps.files.get(fileId, { consistent: true });
  if (file?.status !== 'pending') {
    await deps.bucket.remove(key);
    return 'ignored';
  }
  try {
    const { bytes, etag } = await deps.bucket.open(key);
    const copies = new KeptCopies(deps.bucket, file);
    return await settle(deps, file, etag, await examine(deps, file, { bytes, etag, copies }), copies);
  } catch (error) {
    // Another delivery of the event was faster, or the form was used again; that upload has its own event.
    if (error instanceof ObjectMissing) return 'ignored';
    throw error;
  }
}

/** The forms of a file that an inspection has stored beside it so far. */
class KeptCopies {
  readonly #bucket: UploadBucket;
  readonly #file: Pending;
  readonly #keys = new Set<string>();

  constructor(bucket: UploadBucket, file: Pending) {
    this.#bucket = bucket;
    this.#file = file;
  }
  readonly keep = async (body: Uint8Array): Promise<KeptCopy> => {
    const copy = { sha256: sha256(body), size_bytes: body.length };
    const key = objects.ready(this.#file.id, copy.sha256);
    this.#keys.add(key);
    await this.#bucket.put(key, body);
    return copy;
  };
  async remove(): Promise<void> {
    for (const key of this.#keys) await this.#bucket.remove(key);
  }
}

interface OpenUpload {
  readonly bytes: Parameters<typeof fingerprint>[0];
  readonly etag: string;
  readonly copies: KeptCopies;
}

async function examine(
  { bucket, clock, inspectors }: InspectDependencies,
  file: Pending,
  { bytes, etag, copies }: OpenUpload,
): Promise<Finding> {
  const started = clock().getTime();
  const checkTime = () => {
    if (clock().getTime() - started > TIME_LIMIT_MS) throw new Unreadable('The file takes too long to read.');
  };
  const inspect = inspectorOf(inspectors, file.file_type);
  try {
    const print = await fingerprint(bytes);
    assertSize(file, print.size);
    const open = async () => (await bucket.open(uploadKey(file), etag)).bytes;
    const chosenEncoding = file.chosen?.encoding;
    return {
      metadata: await inspect({ print, announced: file, chosenEncoding, open, keep: copies.keep, checkTime }),
    };
  } catch (error) {
    await copies.remove();
    if (error instanceof Unreadable) return { reason: error.message.slice(0, MAX_REASON) };
    throw error;
  }
}

function inspectorOf(inspectors: InspectDependencies['inspectors'], kind: FileKind): AnyInspector {
  const inspect = inspectors[kind];
  if (!inspect) throw new Error(`this function does not inspect files of the kind ${kind}`);
  return inspect;
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
  copies: KeptCopies,
): Promise<Inspection> {
  const upload = uploadKey(pending);
  const updated_at = clock().toISOString();
  const { chosen: _chosen, multipart: _multipart, ...base } = pending;
  const file: Extract<File, { status: 'ready' | 'rejected' }> =
    'metadata' in finding
      ? { ...base, status: 'ready', metadata: finding.metadata, updated_at }
      : { ...base, status: 'rejected', rejected_reason: finding.reason, updated_at };
  const place =
    file.status === 'ready' ? objects.ready(file.id, file.metadata.sha256) : objects.quarantine(file.id);
  await bucket.copy(upload, etag, place);
  const settled = (await files.inspected(file)) || (await isSettledAs(files, file, place));
  if (!settled) {
    await bucket.remove(place);
    await copies.remove();
  }
  await bucket.remove(upload);
  return settled ? file.status : 'ignored';
}

/** Whether another delivery of the same event had the same result, so that the bytes belong to it. */
async function isSettledAs(files: FileStore, file: File, place: string): Promise<boolean> {
  const stored = await files.get(file.id, { consistent: true });
  if (!stored) return false;
  return 'metadata' in stored
    ? objects.ready(stored.id, stored.metadata.sha256) === place
    : stored.status === file.status;
}
