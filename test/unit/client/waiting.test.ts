import { describe, expect, it } from 'vitest';
import { FileRejectedError, TaskTimeoutError } from '../../../client/typescript/src/index.ts';
import { fakeApi, json, lost } from './fake-api.ts';

const body = { description: 'Which?', complexity: 1 };
const task = (status: string) => ({ id: 't', status });

describe('createAndWait', () => {
  it('asks the server to wait, and returns a task that ended meanwhile', async () => {
    const { duke, seen } = fakeApi([json(201, task('completed'))]);
    expect(await duke.createAndWait(body)).toMatchObject({ status: 'completed' });
    expect(seen.map(({ route, headers }) => [route, headers.get('prefer')])).toEqual([
      ['POST /api/v2/tasks/create', 'wait=25'],
    ]);
  });

  it('reads the task until it has ended, and reports each state', async () => {
    const { duke } = fakeApi([
      json(201, task('created')),
      json(200, task('executing')),
      json(200, task('failed')),
    ]);
    const states: string[] = [];
    const done = await duke.createAndWait(body, { onUpdate: ({ status }) => states.push(status) });
    expect(done.status).toBe('failed');
    expect(states).toEqual(['created', 'executing', 'failed']);
  });

  it('throws with the id of the task at the timeout', async () => {
    const { duke, seen } = fakeApi([json(201, task('created'))]);
    const late = duke.createAndWait(body, { timeoutMs: 500 });
    await expect(late).rejects.toThrow(TaskTimeoutError);
    await expect(late).rejects.toMatchObject({ taskId: 't' });
    expect(seen[0]?.headers.get('prefer')).toBeNull();
  });

  it('stops when its signal is aborted', async () => {
    const { duke } = fakeApi([json(201, task('created'))]);
    const signal = AbortSignal.timeout(30);
    await expect(duke.createAndWait(body, { signal })).rejects.toThrow('timeout');
  });
});

describe('an upload', () => {
  const announced = json(201, {
    file: { id: 'f', filename: 'a.csv', status: 'pending' },
    upload: { url: 'http://storage.test/bucket', fields: { key: 'k', policy: 'p' }, expires_at: '' },
  });
  const upload = { filename: 'a.csv', content_type: 'text/csv', data: 'a,b\n' } as const;
  const stored = () => new Response(null, { status: 204 });

  it('announces the size, sends the fields before the bytes without a token, and waits for the inspection', async () => {
    const { duke, seen } = fakeApi([
      announced,
      lost,
      stored,
      json(200, { status: 'pending' }),
      json(200, { id: 'f', status: 'ready' }),
    ]);
    duke.useToken('token');
    expect(await duke.upload(upload)).toMatchObject({ status: 'ready' });
    expect(JSON.parse(seen[0]!.body)).toEqual({ filename: 'a.csv', content_type: 'text/csv', size_bytes: 4 });
    expect(seen[2]?.route).toBe('POST /bucket');
    expect(seen[2]?.headers.get('authorization')).toBeNull();
    expect(seen[2]?.body.match(/name="\w+"/g)).toEqual(['name="key"', 'name="policy"', 'name="file"']);
  });

  it('throws with the reason when the inspection rejects the file', async () => {
    const rejected = { id: 'f', filename: 'a.csv', status: 'rejected', rejected_reason: 'It is empty' };
    const { duke } = fakeApi([announced, stored, json(200, rejected)]);
    const failed = duke.upload(upload);
    await expect(failed).rejects.toThrow(FileRejectedError);
    await expect(failed).rejects.toThrow('It is empty');
  });

  it('throws when the storage rejects the bytes', async () => {
    const { duke } = fakeApi([announced, () => new Response('<Error/>', { status: 403 })]);
    await expect(duke.sendFile(upload)).rejects.toMatchObject({ status: 403 });
  });
});
