import { beforeEach, describe, expect, test } from 'vitest';
import type { UserRole } from '../../../contracts/entities/common.ts';
import { keys, objects } from '../../../contracts/naming.ts';
import { attachment } from '../../../lambdas/shared/content-disposition.ts';
import { deleteFile } from '../../../lambdas/files/delete-file.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { getFile, listFiles } from '../../../lambdas/files/read-files.ts';
import { s3Transfer } from '../../../lambdas/files/transfer.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { S3Client } from '@aws-sdk/client-s3';
import { inspectors } from '../support/inspectors.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { memoryParts } from '../support/memory-parts.ts';
import { memoryTable } from '../support/memory-table.ts';

const s3 = new S3Client({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

let table: ReturnType<typeof memoryTable>;
let files: ReturnType<typeof fileStore>;
let bucket: ReturnType<typeof memoryBucket>;
let now: Date;
const clock = () => now;
const owner = newId();
const transfer = s3Transfer('files-bucket', () => now, s3);
const deps = () => ({ files, bucket, transfer, clock, inspectors, parts: memoryParts(bucket.objects) });
const caller = (role: UserRole, userId = newId()): Caller => ({
  userId,
  role,
  email: 'x@example.com',
  originJti: 'o',
  sessionStartedAt: 0,
  accessToken: 't',
  expiresAt: 0,
});
const announced = { filename: 'mails.csv', content_type: 'text/csv', size_bytes: 4 } as const;

beforeEach(() => {
  table = memoryTable();
  files = fileStore(table);
  bucket = memoryBucket();
  now = new Date('2026-03-01T23:59:00.000Z');
});

async function ready(filename = 'mails.csv'): Promise<string> {
  const id = newId();
  await uploadFile(deps(), owner, { ...announced, filename }, id);
  bucket.objects.set(objects.upload('text', id), Buffer.from('a\nx\n'));
  expect(await inspectFile(deps(), objects.upload('text', id))).toBe('ready');
  return id;
}

const ref = (id: string) => ({ id, path: 'files.0' });
const task = (id: string, status: string, assigned_agent_id = 'duke-mm') =>
  table.write({ put: { ...keys.task(id), entity: 'task', id, status, buyer_id: owner, assigned_agent_id } });

async function usedBy(fileId: string, status?: string, agent?: string): Promise<string> {
  const taskId = newId();
  await files.use([ref(fileId)], owner, taskId, now.toISOString());
  if (status !== undefined) await task(taskId, status, agent);
  return taskId;
}

describe('upload', () => {
  test('hands out a form for exactly these bytes', async () => {
    const id = newId();
    const { file, upload } = await uploadFile(deps(), owner, announced, id);
    expect(file).toMatchObject({
      id,
      status: 'pending',
      file_type: 'csv',
      metadata: null,
      used_by_tasks: [],
    });
    expect(upload.expires_at).toBe('2026-03-02T00:14:00.000Z');
    expect(upload.fields).toMatchObject({
      key: objects.upload('text', id),
      'Content-Type': 'text/csv',
    });
    const policy = JSON.parse(Buffer.from(upload.fields['Policy']!, 'base64').toString()) as {
      conditions: unknown[];
    };
    expect(policy.conditions).toEqual(
      expect.arrayContaining([
        ['content-length-range', 4, 4],
        { bucket: 'files-bucket' },
        { key: objects.upload('text', id) },
        { 'Content-Type': 'text/csv' },
      ]),
    );
    expect(policy.conditions).not.toContainEqual(expect.arrayContaining(['starts-with']));
  });

  test('repeated after a crash finds itself, with another body does not', async () => {
    const id = newId();
    const first = await uploadFile(deps(), owner, announced, id);
    now = new Date(now.getTime() + 1000);
    expect((await uploadFile(deps(), owner, announced, id)).file).toEqual(first.file);
    await expect(
      uploadFile(deps(), owner, { ...announced, filename: 'other.csv' }, id),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe('reading', () => {
  test('the owner sees what the inspection found, and a download', async () => {
    const id = await ready('Grüße "1".csv');
    const taskId = await usedBy(id, 'completed');
    const view = await getFile(deps(), caller('buyer', owner), 'own', { id });
    expect(view).toMatchObject({
      status: 'ready',
      used_by_tasks: [taskId],
      metadata: { rows: 1, columns: [{ name: 'a', values: ['x'] }] },
    });
    const url = new URL(view.download_url!);
    expect(url.pathname).toContain(`/ready/${id}/`);
    expect(url.searchParams.get('response-content-type')).toBe('application/octet-stream');
    expect(url.searchParams.get('response-content-disposition')).toBe(attachment('Grüße "1".csv'));
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  });

  test('others see nothing, an admin all, an agent what its tasks use', async () => {
    const id = await ready();
    const agent = newId();
    await usedBy(id, 'assigned', agent);
    const missing = { code: 'not_found' };
    await expect(getFile(deps(), caller('buyer'), 'own', { id })).rejects.toMatchObject(missing);
    await expect(getFile(deps(), caller('agent'), 'party', { id })).rejects.toMatchObject(missing);
    await expect(getFile(deps(), caller('buyer', owner), 'own', { id: newId() })).rejects.toMatchObject(
      missing,
    );
    await expect(getFile(deps(), caller('admin'), 'any', { id })).resolves.toMatchObject({ id });
    const seen = await getFile(deps(), caller('agent', agent), 'party', { id });
    expect(seen).toMatchObject({ id, used_by_tasks: [] });
    expect(seen.download_url).toContain(id);
    expect(JSON.stringify(seen)).not.toContain(owner);
  });

  test('asks for the uses of files that can have any', async () => {
    const used = await ready();
    const taskId = await usedBy(used, 'executing');
    await uploadFile(deps(), owner, announced, newId());
    const asked: string[] = [];
    const counting = {
      ...files,
      uses: (...args: Parameters<typeof files.uses>) => (asked.push(args[0]), files.uses(...args)),
    };
    const { items } = await listFiles({ ...deps(), files: counting }, owner, { limit: 10 });
    expect(items.map(({ used_by_tasks }) => used_by_tasks).toSorted()).toEqual([[], [taskId]]);
    expect(asked).toEqual([used]);
  });

  test('lists are pages of the caller’s own, without the values of columns', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      now = new Date(now.getTime() + 1000);
      ids.unshift(await ready());
    }
    await uploadFile(deps(), newId(), announced, newId());
    const first = await listFiles(deps(), owner, { limit: 2 });
    const second = await listFiles(deps(), owner, { limit: 2, cursor: first.next_cursor! });
    expect([...first.items, ...second.items].map((file) => file.id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect(first.items[0]?.metadata).toMatchObject({ columns: [{ name: 'a', type: 'text', filled: 1 }] });
    expect(JSON.stringify(first.items)).not.toContain('values');
    expect(first.items[0]).not.toHaveProperty('download_url');
  });
});

describe('delete', () => {
  test('takes record and bytes', async () => {
    const id = await ready();
    await deleteFile(deps(), owner, id);
    expect(await files.get(id)).toBeUndefined();
    expect(bucket.objects.size).toBe(0);
    await expect(deleteFile(deps(), owner, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  /** A store in which another request changes the file during the first attempts. */
  const changing = (attempts: number, change?: () => Promise<void>) => {
    let attempt = 0;
    return {
      ...files,
      markDeleting: async (...args: Parameters<typeof files.markDeleting>) => {
        if (++attempt > attempts) return files.markDeleting(...args);
        await change?.();
        return false;
      },
    };
  };

  test('tries again while another request changes the file, three times in all', async () => {
    const id = await ready();
    await expect(deleteFile({ ...deps(), files: changing(3) }, owner, id)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await files.get(id)).toBeDefined();
    await deleteFile({ ...deps(), files: changing(2) }, owner, id);
    expect(await files.get(id)).toBeUndefined();
  });

  test('succeeds where another request deletes the file meanwhile', async () => {
    const id = await ready();
    const deleted = changing(1, () => deleteFile(deps(), owner, id));
    await deleteFile({ ...deps(), files: deleted }, owner, id);
    expect(bucket.objects.size).toBe(0);
  });

  test('is the owner’s alone', async () => {
    const id = await ready();
    await expect(deleteFile(deps(), newId(), id)).rejects.toMatchObject({ code: 'not_found' });
    expect(bucket.objects.size).toBe(1);
  });

  test.each(['created', 'assigned', 'executing'])('not while a task is %s', async (status) => {
    const id = await ready();
    const taskId = await usedBy(id, status);
    await expect(deleteFile(deps(), owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
    expect(await files.get(id)).toMatchObject({ status: 'ready' });
    expect(bucket.objects.size).toBe(1);
    await task(taskId, 'completed');
    await deleteFile(deps(), owner, id);
    expect(bucket.objects.size).toBe(0);
  });

  test('looks at every use, however many there are', async () => {
    const id = await ready();
    const open = '00000000-0000-7000-8000-000000000000'; // sorts before all others, so on the last page
    for (let i = 0; i < 250; i++) await usedBy(id, 'completed');
    await files.use([ref(id)], owner, open, now.toISOString());
    await task(open, 'created');
    await expect(deleteFile(deps(), owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
    await task(open, 'failed');
    await deleteFile(deps(), owner, id);
    expect(await files.get(id)).toBeUndefined();
  });

  test('waits for a task that is being created, but not for one that crashed', async () => {
    const id = await ready();
    await usedBy(id);
    now = new Date(now.getTime() + 14 * MINUTE);
    await expect(deleteFile(deps(), owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
    now = new Date(now.getTime() + 2 * MINUTE);
    await deleteFile(deps(), owner, id);
    expect(await files.get(id)).toBeUndefined();
  });

  test('a pending or rejected file goes too, and an upload that comes later', async () => {
    const pending = newId();
    await uploadFile(deps(), owner, announced, pending);
    await deleteFile(deps(), owner, pending);
    bucket.objects.set(objects.upload('text', pending), Buffer.from('a\nx\n'));
    await inspectFile(deps(), objects.upload('text', pending));

    const rejected = newId();
    await uploadFile(deps(), owner, announced, rejected);
    bucket.objects.set(objects.upload('text', rejected), Buffer.from('a\n\n\n'));
    expect(await inspectFile(deps(), objects.upload('text', rejected))).toBe('rejected');
    await deleteFile(deps(), owner, rejected);
    expect(bucket.objects.size).toBe(0);
    expect([...table.items.values()].filter((item) => item['entity'] === 'file')).toEqual([]);
  });

  test('a delete that crashed half-way is finished by asking again', async () => {
    const id = await ready();
    await files.markDeleting(id, now.toISOString());
    expect(await getFile(deps(), caller('buyer', owner), 'own', { id })).toMatchObject({ status: 'ready' });
    await deleteFile(deps(), owner, id);
    expect(bucket.objects.size).toBe(0);
  });

  /** The store, with a rival that acts just before the n-th call (an iteration counts as one). */
  function before(n: number, rival: () => Promise<unknown>): typeof files {
    let calls = 0;
    const turn = async () => (calls++ === n ? rival() : undefined);
    return new Proxy(files, {
      get(target, name: keyof typeof files) {
        if (name === 'taskUses') {
          return async function* (id: string) {
            await turn();
            yield* target.taskUses(id);
          };
        }
        return async (...args: unknown[]) => {
          await turn();
          return (target[name] as (...a: unknown[]) => unknown)(...args);
        };
      },
    });
  }

  const rivals = {
    'a use': async (id: string) => {
      const taskId = newId();
      await files.use([ref(id)], owner, taskId, now.toISOString());
      await task(taskId, 'created');
    },
    // One delete takes its mark back, a use comes in, another delete marks it again.
    'a use between two marks of others': async (id: string) => {
      const taskId = newId();
      await files.unmarkDeleting(id, now.toISOString());
      await files.use([ref(id)], owner, taskId, now.toISOString());
      await task(taskId, 'created');
      now = new Date(now.getTime() + 1);
      await files.markDeleting(id, now.toISOString());
    },
    'another delete': (id: string) => deleteFile(deps(), owner, id),
  };

  test.each(Object.entries(rivals))(
    'never takes a file from under a task: %s at any step',
    async (name, rival) => {
      let wins = 0;
      for (let n = 0; n < 6; n++) {
        const id = await ready();
        let used = false;
        const act = () =>
          rival(id).then(
            () => (used = name !== 'another delete'),
            () => undefined,
          );
        const deleting = deleteFile({ ...deps(), files: before(n, act) }, owner, id);
        const deleted = await deleting.then(
          () => true,
          () => false,
        );
        const file = await files.get(id);
        expect(deleted && used, `step ${n}`).toBe(false);
        expect(file === undefined, `step ${n}`).toBe(!used && (deleted || name === 'another delete'));
        expect(bucket.objects.size, `step ${n}`).toBe(file ? 1 : 0);
        if (used) wins += 1;
        table.items.clear();
        bucket.objects.clear();
      }
      if (name !== 'another delete') expect(wins).toBeGreaterThan(0);
    },
  );
});

describe('content disposition', () => {
  test.each([
    ['mails.csv', 'attachment; filename=mails.csv'],
    ['a "b"\\c.csv', String.raw`attachment; filename="a \"b\"\\c.csv"`],
    ["Grüße 'x'.csv", `attachment; filename="Gr??e 'x'.csv"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%27x%27.csv`],
    ['100%.csv', 'attachment; filename=100%.csv'],
    ['\ud800.csv', `attachment; filename="?.csv"; filename*=UTF-8''%EF%BF%BD.csv`],
  ])('%s', (name, header) => {
    expect(attachment(name)).toBe(header);
    expect(/^[\x20-\x7e]*$/.test(attachment(name))).toBe(true);
  });
});
