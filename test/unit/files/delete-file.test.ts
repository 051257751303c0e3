import { beforeEach, describe, expect, test } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { deleteFile } from '../../../lambdas/files/delete-file.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { getFile } from '../../../lambdas/files/read-files.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import { MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { ANNOUNCED, callerOf, fileDesk, fileRef } from '../support/file-desk.ts';
import type { FileDesk } from '../support/file-desk.ts';

let desk: FileDesk;
beforeEach(() => {
  desk = fileDesk();
});

describe('delete', () => {
  test('removes the record and the object', async () => {
    const id = await desk.ready();
    await deleteFile(desk.deps, desk.owner, id);
    expect(await desk.files.get(id)).toBeUndefined();
    expect(desk.bucket.objects.size).toBe(0);
    await expect(deleteFile(desk.deps, desk.owner, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  /** A store in which another request changes the file during the first attempts. */
  const changing = (attempts: number, change?: () => Promise<void>) => {
    let attempt = 0;
    return {
      ...desk.files,
      markDeleting: async (...args: Parameters<typeof desk.files.markDeleting>) => {
        if (++attempt > attempts) return desk.files.markDeleting(...args);
        await change?.();
        return false;
      },
    };
  };

  test('makes three attempts while another request changes the file', async () => {
    const id = await desk.ready();
    await expect(deleteFile({ ...desk.deps, files: changing(3) }, desk.owner, id)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await desk.files.get(id)).toBeDefined();
    await deleteFile({ ...desk.deps, files: changing(2) }, desk.owner, id);
    expect(await desk.files.get(id)).toBeUndefined();
  });

  test('succeeds if another request deletes the file meanwhile', async () => {
    const id = await desk.ready();
    const deleted = changing(1, () => deleteFile(desk.deps, desk.owner, id));
    await deleteFile({ ...desk.deps, files: deleted }, desk.owner, id);
    expect(desk.bucket.objects.size).toBe(0);
  });

  test('returns not_found to anyone but the owner', async () => {
    const id = await desk.ready();
    await expect(deleteFile(desk.deps, newId(), id)).rejects.toMatchObject({ code: 'not_found' });
    expect(desk.bucket.objects.size).toBe(1);
  });

  test.each(['created', 'assigned', 'executing'])(
    'rejects with file_in_use while a task that uses the file is %s',
    async (status) => {
      const id = await desk.ready();
      const taskId = await desk.usedBy(id, status);
      await expect(deleteFile(desk.deps, desk.owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
      expect(await desk.files.get(id)).toMatchObject({ status: 'ready' });
      expect(desk.bucket.objects.size).toBe(1);
      await desk.task(taskId, 'completed');
      await deleteFile(desk.deps, desk.owner, id);
      expect(desk.bucket.objects.size).toBe(0);
    },
  );

  test('checks every page of uses', async () => {
    const id = await desk.ready();
    const open = '00000000-0000-7000-8000-000000000000'; // sorts before all others, so it is on the last page
    for (let i = 0; i < 250; i++) await desk.usedBy(id, 'completed');
    await desk.files.use([fileRef(id)], desk.owner, open, desk.clock().toISOString());
    await desk.task(open, 'created');
    await expect(deleteFile(desk.deps, desk.owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
    await desk.task(open, 'failed');
    await deleteFile(desk.deps, desk.owner, id);
    expect(await desk.files.get(id)).toBeUndefined();
  });

  test('rejects for 15 minutes after a use by a task that was never stored', async () => {
    const id = await desk.ready();
    await desk.usedBy(id);
    desk.passTime(14 * MINUTE);
    await expect(deleteFile(desk.deps, desk.owner, id)).rejects.toMatchObject({ code: 'file_in_use' });
    desk.passTime(2 * MINUTE);
    await deleteFile(desk.deps, desk.owner, id);
    expect(await desk.files.get(id)).toBeUndefined();
  });

  test('deletes pending and rejected files, and an upload that arrives later', async () => {
    const pending = newId();
    await uploadFile(desk.deps, desk.owner, ANNOUNCED, pending);
    await deleteFile(desk.deps, desk.owner, pending);
    desk.bucket.objects.set(objects.upload('text', pending), Buffer.from('a\nx\n'));
    await inspectFile(desk.deps, objects.upload('text', pending));

    const rejected = newId();
    await uploadFile(desk.deps, desk.owner, ANNOUNCED, rejected);
    desk.bucket.objects.set(objects.upload('text', rejected), Buffer.from('a\n\n\n'));
    expect(await inspectFile(desk.deps, objects.upload('text', rejected))).toBe('rejected');
    await deleteFile(desk.deps, desk.owner, rejected);
    expect(desk.bucket.objects.size).toBe(0);
    expect([...desk.table.items.values()].filter((item) => item['entity'] === 'file')).toEqual([]);
  });

  test('completes a delete that stopped half-way when repeated', async () => {
    const id = await desk.ready();
    await desk.files.markDeleting(id, desk.clock().toISOString());
    expect(await getFile(desk.deps, callerOf('buyer', desk.owner), 'own', { id })).toMatchObject({
      status: 'ready',
    });
    await deleteFile(desk.deps, desk.owner, id);
    expect(desk.bucket.objects.size).toBe(0);
  });

  /** The store, with a concurrent request just before its n-th call (an iteration counts as one). */
  function before(n: number, rival: () => Promise<unknown>): typeof desk.files {
    let calls = 0;
    const turn = async () => (calls++ === n ? rival() : undefined);
    return new Proxy(desk.files, {
      get(target, name: keyof typeof desk.files) {
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
    'a new use': async (id: string) => {
      const taskId = newId();
      await desk.files.use([fileRef(id)], desk.owner, taskId, desk.clock().toISOString());
      await desk.task(taskId, 'created');
    },
    // One delete removes its mark, a task uses the file, another delete marks the file again.
    'a new use between the marks of two deletes': async (id: string) => {
      const taskId = newId();
      await desk.files.unmarkDeleting(id, desk.clock().toISOString());
      await desk.files.use([fileRef(id)], desk.owner, taskId, desk.clock().toISOString());
      await desk.task(taskId, 'created');
      desk.passTime(1);
      await desk.files.markDeleting(id, desk.clock().toISOString());
    },
    'another delete': (id: string) => deleteFile(desk.deps, desk.owner, id),
  };

  test.each(Object.entries(rivals))(
    'never deletes a file in use, with %s before any of its steps',
    async (name, rival) => {
      let wins = 0;
      for (let n = 0; n < 6; n++) {
        const id = await desk.ready();
        let used = false;
        const act = () =>
          rival(id).then(
            () => (used = name !== 'another delete'),
            () => undefined,
          );
        const deleting = deleteFile({ ...desk.deps, files: before(n, act) }, desk.owner, id);
        const deleted = await deleting.then(
          () => true,
          () => false,
        );
        const file = await desk.files.get(id);
        expect(deleted && used, `step ${n}`).toBe(false);
        expect(file === undefined, `step ${n}`).toBe(!used && (deleted || name === 'another delete'));
        expect(desk.bucket.objects.size, `step ${n}`).toBe(file ? 1 : 0);
        if (used) wins += 1;
        desk.table.items.clear();
        desk.bucket.objects.clear();
      }
      if (name !== 'another delete') expect(wins).toBeGreaterThan(0);
    },
  );
});
