/** The use cases of files over an in-memory table and bucket, for one owner. */
import { S3Client } from '@aws-sdk/client-s3';
import type { UserRole } from '../../../contracts/entities/common.ts';
import { keys, objects } from '../../../contracts/naming.ts';
import { inspectFile } from '../../../lambdas/files/inspect-file.ts';
import { s3Transfer } from '../../../lambdas/files/transfer.ts';
import { uploadFile } from '../../../lambdas/files/upload-file.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { fileStore } from '../../../lambdas/shared/stores/file-store.ts';
import { inspectors } from './inspectors.ts';
import { memoryBucket } from './memory-bucket.ts';
import { memoryParts } from './memory-parts.ts';
import { memoryTable } from './memory-table.ts';

const s3 = new S3Client({
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
});

export const ANNOUNCED = { filename: 'mails.csv', content_type: 'text/csv', size_bytes: 4 } as const;

export const callerOf = (role: UserRole, userId = newId()): Caller => ({
  userId,
  role,
  email: 'x@example.com',
  originJti: 'o',
  sessionStartedAt: 0,
  accessToken: 't',
  expiresAt: 0,
});

/** A file as a task names it. */
export const fileRef = (id: string) => ({ id, path: 'files.0' });

export type FileDesk = ReturnType<typeof fileDesk>;

export function fileDesk() {
  const table = memoryTable();
  const files = fileStore(table);
  const bucket = memoryBucket();
  const owner = newId();
  let now = new Date('2026-03-01T23:59:00.000Z');
  const clock = () => now;
  const deps = {
    files,
    bucket,
    transfer: s3Transfer('files-bucket', clock, s3),
    clock,
    inspectors,
    parts: memoryParts(bucket.objects),
  };
  const desk = {
    ...deps,
    table,
    owner,
    deps,
    passTime: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
    },
    /** Uploads a file of the owner with one row, and inspects it. */
    async ready(filename = 'mails.csv'): Promise<string> {
      const id = newId();
      await uploadFile(deps, owner, { ...ANNOUNCED, filename }, id);
      bucket.objects.set(objects.upload('text', id), Buffer.from('a\nx\n'));
      const outcome = await inspectFile(deps, objects.upload('text', id));
      if (outcome !== 'ready') throw new Error(`the file is ${outcome}`);
      return id;
    },
    task: (id: string, status: string, assigned_agent_id = 'duke-mm') =>
      table.write({
        put: { ...keys.task(id), entity: 'task', id, status, buyer_id: owner, assigned_agent_id },
      }),
    /** A use of the file by a new task; without a status the task itself is not stored. */
    async usedBy(fileId: string, status?: string, agent?: string): Promise<string> {
      const taskId = newId();
      await files.use([fileRef(fileId)], owner, taskId, clock().toISOString());
      if (status !== undefined) await desk.task(taskId, status, agent);
      return taskId;
    },
  };
  return desk;
}
