import { beforeEach, describe, expect, test } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { getFile, listFiles } from '../../../lambdas/files/read-files.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import { attachment } from '../../../lambdas/shared/content-disposition.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { ANNOUNCED, callerOf, fileDesk } from '../support/file-desk.ts';
import type { FileDesk } from '../support/file-desk.ts';

let desk: FileDesk;
beforeEach(() => {
  desk = fileDesk();
});

describe('upload', () => {
  test('returns a form that accepts exactly the announced size and type', async () => {
    const id = newId();
    const { file, upload } = await uploadFile(desk.deps, desk.owner, ANNOUNCED, id);
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

  test('returns the same file for the same id, and rejects another body with idempotency_key_reused', async () => {
    const id = newId();
    const first = await uploadFile(desk.deps, desk.owner, ANNOUNCED, id);
    desk.passTime(1000);
    expect((await uploadFile(desk.deps, desk.owner, ANNOUNCED, id)).file).toEqual(first.file);
    await expect(
      uploadFile(desk.deps, desk.owner, { ...ANNOUNCED, filename: 'other.csv' }, id),
    ).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe('reading', () => {
  test('shows the owner the metadata and a download URL', async () => {
    const id = await desk.ready('Grüße "1".csv');
    const taskId = await desk.usedBy(id, 'completed');
    const view = await getFile(desk.deps, callerOf('buyer', desk.owner), 'own', { id });
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

  test('returns 404 to others; admins read every file, agents the files of their tasks', async () => {
    const id = await desk.ready();
    const agent = newId();
    await desk.usedBy(id, 'assigned', agent);
    const missing = { code: 'not_found' };
    await expect(getFile(desk.deps, callerOf('buyer'), 'own', { id })).rejects.toMatchObject(missing);
    await expect(getFile(desk.deps, callerOf('agent'), 'party', { id })).rejects.toMatchObject(missing);
    await expect(
      getFile(desk.deps, callerOf('buyer', desk.owner), 'own', { id: newId() }),
    ).rejects.toMatchObject(missing);
    await expect(getFile(desk.deps, callerOf('admin'), 'any', { id })).resolves.toMatchObject({ id });
    const seen = await getFile(desk.deps, callerOf('agent', agent), 'party', { id });
    expect(seen).toMatchObject({ id, used_by_tasks: [] });
    expect(seen.download_url).toContain(id);
    expect(JSON.stringify(seen)).not.toContain(desk.owner);
  });

  test('reads the uses of ready files only', async () => {
    const used = await desk.ready();
    const taskId = await desk.usedBy(used, 'executing');
    await uploadFile(desk.deps, desk.owner, ANNOUNCED, newId());
    const asked: string[] = [];
    const counting = {
      ...desk.files,
      uses: (...args: Parameters<typeof desk.files.uses>) => (asked.push(args[0]), desk.files.uses(...args)),
    };
    const { items } = await listFiles({ ...desk.deps, files: counting }, desk.owner, { limit: 10 });
    expect(items.map(({ used_by_tasks }) => used_by_tasks).toSorted()).toEqual([[], [taskId]]);
    expect(asked).toEqual([used]);
  });

  test('lists the caller’s own files in pages, without values of columns', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      desk.passTime(1000);
      ids.unshift(await desk.ready());
    }
    await uploadFile(desk.deps, newId(), ANNOUNCED, newId());
    const first = await listFiles(desk.deps, desk.owner, { limit: 2 });
    const second = await listFiles(desk.deps, desk.owner, { limit: 2, cursor: first.next_cursor! });
    expect([...first.items, ...second.items].map((file) => file.id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect(first.items[0]?.metadata).toMatchObject({ columns: [{ name: 'a', type: 'text', filled: 1 }] });
    expect(JSON.stringify(first.items)).not.toContain('values');
    expect(first.items[0]).not.toHaveProperty('download_url');
  });
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
