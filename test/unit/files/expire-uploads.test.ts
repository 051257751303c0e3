import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keys, objects } from '../../../contracts/naming.ts';
import { expireUploads } from '../../../lambdas/files/expire-uploads.ts';
import { inspectUpload } from '../../../lambdas/files/inspect-upload.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from '../support/inspectors.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryTable } from '../support/memory-table.ts';

const owner = newId();
const START = new Date('2026-03-01T12:00:00.000Z');
let table: ReturnType<typeof memoryTable>;
let files: ReturnType<typeof fileStore>;
let bucket: ReturnType<typeof memoryBucket>;
let now: Date;
const deps = () => ({ files, bucket, clock: () => now, inspectors });

beforeEach(() => {
  vi.spyOn(logger, 'error').mockReturnValue(undefined);
  table = memoryTable();
  files = fileStore(table);
  bucket = memoryBucket();
  now = START;
});

async function announce(content?: string): Promise<string> {
  const id = newId();
  const at = now.toISOString();
  await files.create({
    id,
    owner_id: owner,
    filename: 'a.csv',
    content_type: 'text/csv',
    file_type: 'csv',
    size_bytes: content?.length ?? 3,
    created_at: at,
    updated_at: at,
    status: 'pending',
  });
  if (content !== undefined) bucket.objects.set(objects.upload('text', id), Buffer.from(content));
  return id;
}
const after = (minutes: number) => {
  now = new Date(START.getTime() + minutes * MINUTE);
};

describe('an upload that stays pending', () => {
  it('is rejected if its inspection in a chosen encoding did not end', async () => {
    const id = await announce('a\nx\n');
    await inspectUpload(deps(), objects.upload('text', id), { lastTry: true });
    const file = await files.get(id);
    if (file?.status !== 'ready') throw new Error('the file is not ready');
    const { metadata, ...base } = file;
    await files.reopen({
      ...base,
      status: 'pending',
      chosen: { encoding: 'koi8-r', sha256: metadata.sha256 },
    });
    after(31);
    expect(await expireUploads(deps())).toEqual({ rejected: 1, failed: 0 });
    expect(await files.get(id)).toMatchObject({ status: 'rejected' });
  });

  it('is rejected within half an hour if it was never sent', async () => {
    const id = await announce();
    after(29);
    expect(await expireUploads(deps())).toEqual({ rejected: 0, failed: 0 });
    after(31);
    expect(await expireUploads(deps())).toEqual({ rejected: 1, failed: 0 });
    expect(await files.get(id)).toMatchObject({
      status: 'rejected',
      rejected_reason: expect.stringContaining('not sent within 15 minutes') as unknown,
    });
    expect(await expireUploads(deps())).toEqual({ rejected: 0, failed: 0 });
  });

  it('is rejected, and its bytes are kept, if the inspection never ended', async () => {
    const id = await announce('a,b');
    after(31);
    await expireUploads(deps());
    expect(await files.get(id)).toMatchObject({
      status: 'rejected',
      rejected_reason: expect.stringContaining('could not be inspected') as unknown,
    });
    expect([...bucket.objects.keys()]).toEqual([objects.quarantine(id)]);
  });

  it('does not delay others if its own record cannot be read', async () => {
    for (let i = 0; i < 60; i++) {
      const { pk, sk } = keys.file(await announce());
      table.items.set(`${pk} ${sk}`, { ...table.items.get(`${pk} ${sk}`), size_bytes: 'broken' });
    }
    now = new Date(START.getTime() + 1000);
    const healthy = [await announce(), await announce(), await announce()];
    after(40);
    expect(await expireUploads(deps())).toEqual({ rejected: 3, failed: 60 });
    for (const id of healthy) expect(await files.get(id)).toMatchObject({ status: 'rejected' });
  });

  it('leaves the index as soon as it was inspected', async () => {
    const id = await announce('a,b\n1,2\n');
    await inspectUpload(deps(), objects.upload('text', id), { lastTry: false });
    after(60);
    expect(await expireUploads(deps())).toEqual({ rejected: 0, failed: 0 });
    expect(await files.get(id)).toMatchObject({ status: 'ready' });
  });
});

describe('an inspection that fails', () => {
  const broken = () => ({
    ...deps(),
    bucket: { ...bucket, copy: async () => Promise.reject(new Error('S3 is away')) },
  });

  it('is retried, and the file is rejected after the last attempt', async () => {
    const id = await announce('a,b\n1,2\n');
    const key = objects.upload('text', id);
    await expect(inspectUpload(broken(), key, { lastTry: false })).rejects.toThrow('S3 is away');
    expect(await files.get(id)).toMatchObject({ status: 'pending' });
    let calls = 0;
    const inspected: typeof files.inspected = async (file) => {
      if (++calls === 1) throw new Error('the record does not fit');
      return files.inspected(file);
    };
    const failing = { ...deps(), files: { ...files, inspected } };
    expect(await inspectUpload(failing, key, { lastTry: true })).toBe('rejected');
    expect(await files.get(id)).toMatchObject({
      status: 'rejected',
      rejected_reason: expect.stringContaining('could not be inspected') as unknown,
    });
  });
});
