import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { filePartOperations } from '../../../contracts/api/file-parts.ts';
import { objects } from '../../../contracts/naming.ts';
import { PART_BYTES, partCount, partSize } from '../../../contracts/rules/multipart.ts';
import { deleteFile } from '../../../lambdas/files/delete-file.ts';
import { expireUploads } from '../../../lambdas/files/expire-uploads.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { completeUpload, listParts, signParts } from '../../../lambdas/files/multipart-upload.ts';
import { getFile } from '../../../lambdas/files/read-files.ts';
import { s3PartStorage } from '../../../lambdas/files/part-storage.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from '../support/inspectors.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryParts } from '../support/memory-parts.ts';
import { memoryTable } from '../support/memory-table.ts';

const owner = newId();
/** A CSV of three parts and a bit. */
const CONTENT = Buffer.from(`text,label\n${`${'word '.repeat(5000)},x\n`.repeat(1_050)}`);
const announcement = { filename: 'mails.csv', content_type: 'text/csv', size_bytes: CONTENT.length } as const;
const caller: Caller = {
  userId: owner,
  role: 'buyer',
  email: 'x@example.com',
  originJti: 'o',
  sessionStartedAt: 0,
  accessToken: 't',
  expiresAt: 0,
};
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const part = (number: number): Buffer => CONTENT.subarray((number - 1) * PART_BYTES, number * PART_BYTES);

let now: Date;
let bucket: ReturnType<typeof memoryBucket>;
let parts: ReturnType<typeof memoryParts>;
let files: ReturnType<typeof fileStore>;
const clock = () => now;
const transfer = {
  uploadTo: async () => ({ url: 'https://files', fields: {}, expires_at: now.toISOString() }),
  downloadFrom: async (key: string) => key,
};
const deps = () => ({ files, bucket, parts, transfer, clock, inspectors });

beforeEach(() => {
  now = new Date('2026-03-01T12:00:00.000Z');
  bucket = memoryBucket();
  parts = memoryParts(bucket.objects);
  files = fileStore(memoryTable());
});

async function announce(): Promise<string> {
  const id = newId();
  await uploadFile(deps(), owner, announcement, id);
  return id;
}

async function send(id: string, ...numbers: number[]): Promise<void> {
  const requested = numbers.map((n) => ({ part_number: n, sha256: sha256(part(n)) }));
  const signed = await signParts(deps(), owner, id, requested);
  for (const { part_number, url } of signed.parts) parts.send(url, part(part_number));
}

const key = (id: string): string => objects.upload('text', id);

describe('a file above 25 MB', () => {
  test('gets a plan of parts, a smaller one does not', async () => {
    const { multipart } = await uploadFile(deps(), owner, announcement, newId());
    expect(multipart).toEqual({ part_bytes: PART_BYTES, parts: 4, expires_at: '2026-03-02T12:00:00.000Z' });
    const small = await uploadFile(deps(), owner, { ...announcement, size_bytes: 25 * 1024 * 1024 }, newId());
    expect(small.multipart).toBeUndefined();
  });

  test('is sent in parts, resumed, completed and inspected like any other', async () => {
    const id = await announce();
    await send(id, 1, 3);
    expect(await getFile(deps(), caller, 'own', { id })).toMatchObject({ multipart: { parts: 4 } });
    const state = filePartOperations.listParts.response.parse(await listParts(deps(), owner, id));
    expect(state.parts).toEqual(
      [1, 3].map((n) => ({ part_number: n, size_bytes: PART_BYTES, sha256: sha256(part(n)) })),
    );
    now = new Date(now.getTime() + 20 * HOUR);
    await send(id, 2, 4);
    expect(await completeUpload(deps(), owner, id)).toMatchObject({ id, status: 'pending' });
    expect(bucket.objects.get(key(id))?.equals(CONTENT)).toBe(true);
    expect(await inspectFile(deps(), key(id))).toBe('ready');
    const stored = await files.get(id);
    expect(stored).toMatchObject({ status: 'ready', metadata: { sha256: sha256(CONTENT), rows: 1_050 } });
    expect(stored).not.toHaveProperty('multipart');
  });

  test('names each part that is missing or has another size', async () => {
    const id = await announce();
    await send(id, 1, 4);
    const [upload] = parts.uploads.values();
    upload?.parts.set(4, Buffer.alloc(7));
    await expect(completeUpload(deps(), owner, id)).rejects.toMatchObject({
      code: 'upload_incomplete',
      errors: [
        { path: 'parts.2', message: 'has not arrived' },
        { path: 'parts.3', message: 'has not arrived' },
        { path: 'parts.4', message: `has 7 bytes instead of ${part(4).length}` },
      ],
    });
    expect(bucket.objects.has(key(id))).toBe(false);
  });

  test('is completed once, however often that is requested', async () => {
    const id = await announce();
    await send(id, 1, 2, 3, 4);
    await completeUpload(deps(), owner, id);
    expect(await completeUpload(deps(), owner, id)).toMatchObject({ id, status: 'pending' });
    await inspectFile(deps(), key(id));
    expect(await completeUpload(deps(), owner, id)).toMatchObject({ id, status: 'ready' });
    await expect(listParts(deps(), owner, id)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(send(id, 1)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  test('cannot be completed before a part was signed', async () => {
    await expect(completeUpload(deps(), owner, await announce())).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  test('rejects part numbers beyond its size', async () => {
    const id = await announce();
    await expect(
      signParts(deps(), owner, id, [{ part_number: 5, sha256: sha256(part(1)) }]),
    ).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: 'parts.0.part_number' }] });
    expect(parts.uploads.size).toBe(0);
  });

  test('is aborted by deleting it', async () => {
    const id = await announce();
    await send(id, 1);
    await deleteFile(deps(), owner, id);
    expect(parts.uploads.size).toBe(0);
    for (const call of [
      () => listParts(deps(), owner, id),
      () => completeUpload(deps(), owner, id),
      () => send(id, 2),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('cannot be sent, listed or completed by others', async () => {
    const id = await announce();
    await send(id, 1);
    const other = newId();
    const requested = [{ part_number: 2, sha256: sha256(part(2)) }];
    await expect(signParts(deps(), other, id, requested)).rejects.toMatchObject({ code: 'not_found' });
    await expect(listParts(deps(), other, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(completeUpload(deps(), other, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('begun by two concurrent requests has one upload', async () => {
    const id = await announce();
    await Promise.all([send(id, 1, 2), send(id, 3, 4)]);
    expect(parts.uploads.size).toBe(1);
    await completeUpload(deps(), owner, id);
    expect(bucket.objects.get(key(id))?.equals(CONTENT)).toBe(true);
  });

  test('is rejected after a day', async () => {
    const id = await announce();
    await send(id, 1);
    now = new Date(now.getTime() + 24 * HOUR);
    expect(await expireUploads(deps())).toEqual({ rejected: 0, failed: 0 });
    now = new Date(now.getTime() + 16 * MINUTE);
    expect(await expireUploads(deps())).toEqual({ rejected: 1, failed: 0 });
    expect(await files.get(id)).toMatchObject({
      status: 'rejected',
      rejected_reason: 'The file was not sent within 24 hours after it was announced. Announce it again.',
    });
  });
});

test('the sizes of the parts add up to the file', () => {
  for (const size of [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 250 * 1024 * 1024]) {
    const sizes = Array.from({ length: partCount(size) }, (_, i) => partSize(size, i + 1) ?? 0);
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(size);
    expect(partSize(size, sizes.length + 1)).toBeUndefined();
  }
});

test('signs a part for its size and hash, which S3 compares', async () => {
  const s3 = new S3Client({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  });
  const hash = sha256(part(1));
  const signed = await s3PartStorage('files', clock, s3).sign('uploads/text/x', 'upload-1', {
    part_number: 1,
    size_bytes: PART_BYTES,
    sha256: hash,
  });
  expect(signed.headers).toEqual({ 'x-amz-checksum-sha256': Buffer.from(hash, 'hex').toString('base64') });
  const { searchParams } = new URL(signed.url);
  expect(searchParams.get('X-Amz-SignedHeaders')?.split(';')).toEqual(
    expect.arrayContaining(['content-length', 'host', 'x-amz-checksum-sha256']),
  );
  expect(searchParams.has('x-amz-checksum-sha256')).toBe(false);
  expect(signed.expires_at).toBe('2026-03-01T12:15:00.000Z');
});
