import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DukeNet } from '../../client/typescript/src/index.ts';
import { PART_BYTES } from '../../contracts/rules/multipart.ts';
import { newBuyer, problemOf } from './support.ts';

let owner: DukeNet;
let other: DukeNet;
beforeAll(async () => {
  [owner, other] = await Promise.all([newBuyer(0), newBuyer(0)]).then(
    (all) => all.map(({ api }) => api) as [DukeNet, DukeNet],
  );
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: number): Buffer<ArrayBuffer> =>
  Buffer.from('All work and no play. '.repeat(Math.ceil(bytes / 22)).slice(0, bytes));
const CONTENT = text(PART_BYTES + 1000);
const part = (n: number): Buffer<ArrayBuffer> =>
  Buffer.from(CONTENT.subarray((n - 1) * PART_BYTES, n * PART_BYTES));

async function announce(): Promise<{ params: { file_id: string } }> {
  const { file } = await owner.call('uploadFile', {
    body: { filename: 'a.txt', content_type: 'text/plain', size_bytes: CONTENT.length },
  });
  return { params: { file_id: file.id } };
}

async function send(file: { params: { file_id: string } }, n: number, bytes = part(n)): Promise<Response> {
  const body = { parts: [{ part_number: n, sha256: sha256(part(n)) }] };
  const [signed] = (await owner.call('signParts', { ...file, body })).parts;
  if (!signed) throw new Error('the part was not signed');
  return fetch(signed.url, { method: 'PUT', headers: signed.headers, body: bytes });
}

describe('a file in parts', () => {
  it('is completed once all parts have arrived with their hashes', async () => {
    const file = await announce();
    expect((await send(file, 2)).status).toBe(200);
    const wrong = await send(file, 1, Buffer.alloc(PART_BYTES, 'x'));
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
    expect(await problemOf(owner.call('completeUpload', file))).toMatchObject({
      code: 'upload_incomplete',
      errors: [{ path: 'parts.1', message: 'has not arrived' }],
    });
    const { parts } = await owner.call('listParts', file);
    expect(parts).toEqual([{ part_number: 2, size_bytes: 1000, sha256: sha256(part(2)) }]);
    expect((await send(file, 1)).status).toBe(200);
    for (let times = 0; times < 2; times++)
      expect(await owner.call('completeUpload', file)).toMatchObject({ id: file.params.file_id });
    const ready = await owner.waitForFile(file.params.file_id);
    expect(ready.metadata).toMatchObject({ sha256: sha256(CONTENT), characters: CONTENT.length });
    const download = await fetch(ready.download_url!);
    expect(Buffer.from(await download.arrayBuffer()).equals(CONTENT)).toBe(true);
    expect(await problemOf(owner.call('listParts', file))).toMatchObject({ code: 'wrong_state' });
  });

  it('is not accessible to others, and is gone after an abort', async () => {
    const file = await announce();
    await send(file, 1);
    const body = { parts: [{ part_number: 2, sha256: sha256(part(2)) }] };
    for (const call of [
      () => other.call('signParts', { ...file, body }),
      () => other.call('listParts', file),
      () => other.call('completeUpload', file),
      () => other.call('deleteFile', file),
    ])
      expect(await problemOf(call())).toMatchObject({ code: 'not_found' });
    await owner.call('deleteFile', file);
    expect(await problemOf(owner.call('completeUpload', file))).toMatchObject({ code: 'not_found' });
  });

  it('is used by the client above 25 MB, and resumed', async () => {
    const data = text(24 * 1024 * 1024);
    // A text may have 25 MB, a table more.
    const table = Buffer.concat([
      Buffer.from('text,label\n'),
      data,
      Buffer.from(',x\n'),
      data.subarray(0, PART_BYTES),
      Buffer.from(',y\n'),
    ]);
    const rows = Buffer.from(table.toString().replace(/(.{20000})/gs, '$1,z\n'));
    const upload = { filename: 'large.csv', content_type: 'text/csv', data: rows } as const;
    const progress: number[] = [];
    const stopped = new AbortController();
    const dropped = owner.sendFile(upload, {
      signal: stopped.signal,
      onProgress: (sent) => {
        progress.push(sent);
        if (sent >= 2 * PART_BYTES) stopped.abort(new Error('the connection broke'));
      },
    });
    await expect(dropped).rejects.toThrow('the connection broke');
    const [unfinished] = (await owner.call('listFiles', {})).items;
    expect(unfinished).toMatchObject({
      filename: 'large.csv',
      status: 'pending',
      multipart: { part_bytes: PART_BYTES },
    });
    await owner.resumeFile(unfinished!.id, upload);
    expect(await owner.waitForFile(unfinished!.id)).toMatchObject({
      status: 'ready',
      metadata: { sha256: sha256(rows) },
    });
  });
});
