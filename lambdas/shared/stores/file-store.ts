import { File } from '../../../contracts/entities/file.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { indexKeys, keys, USE_PREFIX } from '../../../contracts/naming.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { ConditionFailed } from './table.ts';
import type { Table } from './table.ts';

/** A task that uses a file. Written before the task itself, so it may stand alone for a moment, or for good. */
export interface FileUse {
  readonly task_id: string;
  readonly created_at: string;
}

export interface FileStore {
  get(id: string, options?: { consistent?: boolean }): Promise<File | undefined>;
  create(file: Extract<File, { status: 'pending' }>): Promise<void>;
  list(ownerId: string, page: PageRequest): Promise<Page<File>>;
  /** pending → ready or rejected, once; false when the file is not pending any more. */
  inspected(file: Extract<File, { status: 'ready' | 'rejected' }>): Promise<boolean>;
  uses(id: string): Promise<FileUse[]>;
  /** ready → deleting; false when it is neither ready nor deleting already. */
  markDeleting(id: string, at: string): Promise<boolean>;
  unmarkDeleting(id: string, at: string): Promise<void>;
  remove(id: string): Promise<void>;
  /**
   * Ties files to a task and returns them. The tie is written first and the file read after it, consistently; a delete
   * marks first and reads ties after: whichever comes second sees the other, so no file vanishes under a task.
   * @throws DukeError file_not_usable
   */
  use(ids: readonly string[], ownerId: string, taskId: string, at: string): Promise<ReadyFile[]>;
  /** Takes the ties of a task back that was never stored. */
  release(ids: readonly string[], taskId: string): Promise<void>;
}

const MOST_USES = 100;

export function fileStore(table: Table): FileStore {
  const sortKeyOf = (entry: Readonly<Record<string, unknown>>) => String(entry['gsi1sk']);
  const get: FileStore['get'] = async (id, options) => {
    const item = await table.get(keys.file(id), options);
    return item && parseRecord(File, item);
  };
  const moveStatus = async (id: string, from: string, to: string, at: string): Promise<boolean> => {
    try {
      await table.write({
        update: keys.file(id),
        set: { status: to, updated_at: at },
        when: [{ attribute: 'status', is: 'one_of', values: [from, to] }],
      });
      return true;
    } catch (error) {
      if (error instanceof ConditionFailed) return false;
      throw error;
    }
  };
  const asRecord = (file: File) =>
    record('file', keys.file(file.id), file, {
      owner: indexKeys.ownedFile(file.owner_id, file.created_at, file.id),
    });

  return {
    get,
    async create(file) {
      await table.write({ put: asRecord(file), when: [{ attribute: 'pk', is: 'absent' }] });
    },
    list: (ownerId, page) =>
      listPage({
        table,
        partitions: [{ index: 'owner', pk: indexKeys.ownedFile(ownerId, '', '').pk }],
        page,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, (item) => parseRecord(File, item)),
      }),
    async inspected(file) {
      try {
        await table.write({
          put: asRecord(file),
          when: [{ attribute: 'status', is: 'equal', value: 'pending' }],
        });
        return true;
      } catch (error) {
        if (error instanceof ConditionFailed) return false;
        throw error;
      }
    },
    async uses(id) {
      const items = await table.query({
        pk: keys.file(id).pk,
        prefix: USE_PREFIX,
        limit: MOST_USES,
        newestFirst: true,
        consistent: true,
      });
      return items.map((item) => ({
        task_id: String(item['task_id']),
        created_at: String(item['created_at']),
      }));
    },
    markDeleting: (id, at) => moveStatus(id, 'ready', 'deleting', at),
    async unmarkDeleting(id, at) {
      await moveStatus(id, 'deleting', 'ready', at);
    },
    async remove(id) {
      await table.write({ delete: keys.file(id) });
    },
    async release(ids, taskId) {
      await Promise.all(ids.map((id) => table.write({ delete: keys.fileUse(id, taskId) })));
    },
    async use(ids, ownerId, taskId, at) {
      await Promise.all(
        ids.map((id) =>
          table.write({
            put: record('file_use', keys.fileUse(id, taskId), { task_id: taskId, created_at: at }),
          }),
        ),
      );
      const files = await Promise.all(ids.map((id) => get(id, { consistent: true })));
      const faults = ids.flatMap((id, i) => {
        const file = files[i];
        if (!file || file.owner_id !== ownerId)
          return [{ path: `files.${i}`, message: `no file ${id} of yours` }];
        if (file.status === 'pending')
          return [{ path: `files.${i}`, message: `${file.filename} is still being inspected` }];
        if (file.status === 'rejected') {
          return [{ path: `files.${i}`, message: `${file.filename} was rejected: ${file.rejected_reason}` }];
        }
        if (file.status === 'deleting')
          return [{ path: `files.${i}`, message: `${file.filename} was deleted` }];
        return [];
      });
      if (faults.length > 0) {
        throw new DukeError('file_not_usable', faults.map((fault) => fault.message).join('; '), {
          errors: faults,
        });
      }
      return files.filter((file): file is ReadyFile => file?.status === 'ready');
    },
  };
}
