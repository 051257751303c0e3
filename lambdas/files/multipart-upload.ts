import type { SignedPart, StoredPart } from '../../contracts/api/file-parts.ts';
import type { FileView, MultipartPlan } from '../../contracts/api/files.ts';
import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { FieldError } from '../../contracts/errors.ts';
import { partCount, partSize } from '../../contracts/rules/multipart.ts';
import type { Clock } from '../shared/clock.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { fileView } from './file-view.ts';
import { planOf } from './multipart-plan.ts';
import type { ArrivedPart, PartStorage } from './part-storage.ts';
import { uploadKey } from './upload.ts';

interface Dependencies {
  readonly files: Pick<FileStore, 'get' | 'beginMultipart'>;
  readonly parts: PartStorage;
  readonly clock: Clock;
}

type Pending = Extract<File, { status: 'pending' }>;

/**
 * Authorizes parts of a pending file to be sent, and begins its multipart upload if there is none.
 * @throws DukeError not_found, wrong_state, validation_failed
 */
export async function signParts(
  deps: Dependencies,
  ownerId: string,
  id: string,
  requested: readonly { readonly part_number: number; readonly sha256: string }[],
): Promise<{ parts: SignedPart[] }> {
  const file = await pendingFile(deps, ownerId, id);
  const parts = requested.map((part, i) => {
    const size_bytes = partSize(file.size_bytes, part.part_number);
    if (size_bytes === undefined) throw noSuchPart(file, i);
    return { ...part, size_bytes };
  });
  const uploadId = file.multipart?.upload_id ?? (await begin(deps, file));
  return { parts: await Promise.all(parts.map((part) => deps.parts.sign(uploadKey(file), uploadId, part))) };
}

function noSuchPart(file: File, index: number): DukeError {
  const message = `the file has parts 1 to ${partCount(file.size_bytes)}`;
  return new DukeError('validation_failed', `There is no such part: ${message}.`, {
    errors: [{ path: `parts.${index}.part_number`, message }],
  });
}

/** Of two requests that begin the same upload one is recorded; the other's upload is removed. */
async function begin({ files, parts, clock }: Dependencies, file: Pending): Promise<string> {
  const key = uploadKey(file);
  const uploadId = await parts.begin(key, file.content_type);
  if (await files.beginMultipart(file.id, uploadId, clock().toISOString())) return uploadId;
  await parts.abort(key, uploadId);
  const stored = await files.get(file.id, { consistent: true });
  if (stored?.status === 'pending' && stored.multipart) return stored.multipart.upload_id;
  throw new DukeError('wrong_state', 'The file has been sent, or was deleted, at this moment.');
}

/** @throws DukeError not_found, wrong_state */
export async function listParts(
  deps: Dependencies,
  ownerId: string,
  id: string,
): Promise<{ multipart: MultipartPlan; parts: StoredPart[] }> {
  const file = await pendingFile(deps, ownerId, id);
  const arrived = file.multipart ? await deps.parts.list(uploadKey(file), file.multipart.upload_id) : [];
  if (!arrived) throw new DukeError('wrong_state', 'The upload was completed, or its time is over.');
  return { multipart: planOf(file), parts: arrived.map(({ etag: _, ...part }) => part) };
}

/**
 * Joins the parts of a file; the event of the new object starts its inspection. Idempotent: a repeated request finds the
 * object, or the inspected file.
 * @throws DukeError not_found, wrong_state, upload_incomplete
 */
export async function completeUpload(deps: Dependencies, ownerId: string, id: string): Promise<FileView> {
  const file = await ownFile(deps, ownerId, id);
  if (file.status !== 'pending') return fileView(file, []);
  if (!file.multipart) throw new DukeError('wrong_state', 'No part of this file was sent.');
  const key = uploadKey(file);
  const { upload_id } = file.multipart;
  const arrived = await deps.parts.list(key, upload_id);
  // A request before this one has completed the upload.
  if (!arrived) return fileView(await ownFile(deps, ownerId, id), []);
  assertComplete(file, arrived);
  await deps.parts.complete(key, upload_id, arrived);
  return fileView(file, []);
}

const MAX_FAULTS = 50;

/** @throws DukeError upload_incomplete, with each part that is missing or has a wrong size */
function assertComplete(file: File, arrived: readonly ArrivedPart[]): void {
  const sizes = new Map(arrived.map(({ part_number, size_bytes }) => [part_number, size_bytes]));
  const faults: FieldError[] = [];
  for (let part = 1; part <= partCount(file.size_bytes); part++) {
    const [size, expected] = [sizes.get(part), partSize(file.size_bytes, part)];
    if (size === undefined) faults.push({ path: `parts.${part}`, message: 'has not arrived' });
    else if (size !== expected)
      faults.push({ path: `parts.${part}`, message: `has ${size} bytes instead of ${expected}` });
  }
  if (faults.length === 0) return;
  throw new DukeError(
    'upload_incomplete',
    `${faults.length} of ${partCount(file.size_bytes)} parts are missing.`,
    {
      errors: faults.slice(0, MAX_FAULTS),
    },
  );
}

async function ownFile({ files }: Dependencies, ownerId: string, id: string): Promise<File> {
  const file = await files.get(id, { consistent: true });
  if (file?.owner_id !== ownerId) throw new DukeError('not_found', 'There is no such file of yours.');
  return file;
}

async function pendingFile(deps: Dependencies, ownerId: string, id: string): Promise<Pending> {
  const file = await ownFile(deps, ownerId, id);
  if (file.status === 'pending' && !file.chosen) return file;
  throw new DukeError('wrong_state', `The file was sent already; it is ${file.status}.`);
}
