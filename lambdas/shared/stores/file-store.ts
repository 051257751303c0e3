import { StoredAgentId } from '../../../contracts/entities/common.ts';
import type { AgentId } from '../../../contracts/entities/common.ts';
import { File } from '../../../contracts/entities/file.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { indexKeys, keys, USE_PREFIX } from '../../../contracts/naming.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { happened } from './table.ts';
import type { Item, Table } from './table.ts';

/** A task that uses a file. Written before the task itself, so it may stand alone for a moment, or after a crash for good. */
export interface FileUse {
  readonly task_id: string;
  readonly created_at: string;
}
/** With what is there of the task. */
export interface TaskUse extends FileUse {
  readonly task: { readonly status: string; readonly assigned_agent_id: AgentId } | undefined;
}

export interface FileStore {
  get(id: string, options?: { consistent?: boolean }): Promise<File | undefined>;
  /** False when there is a file of this id. */
  create(file: Extract<File, { status: 'pending' }>): Promise<boolean>;
  list(ownerId: string, page: PageRequest): Promise<Page<File>>;
  /** pending → ready or rejected, once; false when the file is not pending any more. */
  inspected(file: Extract<File, { status: 'ready' | 'rejected' }>): Promise<boolean>;
  /** Up to 100 uses, newest first, for showing; they may be a moment old. */
  uses(id: string): Promise<FileUse[]>;
  /** Every use, read consistently, in pages. */
  taskUses(id: string): AsyncIterable<TaskUse[]>;
  /** ready → deleting; false when it is neither ready nor deleting already. */
  markDeleting(id: string, at: string): Promise<boolean>;
  unmarkDeleting(id: string, at: string): Promise<void>;
  /** Removes a record that is still as it was read or marked; false when somebody changed it since. */
  remove(file: Pick<File, 'id' | 'status' | 'updated_at'>): Promise<boolean>;
  /**
   * Ties files to a task and returns them. The tie is written first and the file read after it, consistently; a delete
   * marks first and reads ties after: whichever comes second sees the other, so no file vanishes under a task.
   * @throws DukeError file_not_usable
   */
  use(ids: readonly string[], ownerId: string, taskId: string, at: string): Promise<ReadyFile[]>;
  /**
   * A file of a task that exists. Being marked for deletion changes nothing for it: the delete finds the tie and takes its
   * mark back.
   */
  tied(id: string): Promise<ReadyFile | undefined>;
  /** Unties files from a task that was not made after all. */
  release(ids: readonly string[], taskId: string): Promise<void>;
}

const USES_PAGE = 100;

const asRecord = (file: File) =>
  record('file', keys.file(file.id), file, {
    owner: indexKeys.ownedFile(file.owner_id, file.created_at, file.id),
  });

const asUse = (item: Item): FileUse => ({
  task_id: String(item['task_id']),
  created_at: String(item['created_at']),
});

export function fileStore(table: Table): FileStore {
  const sortKeyOf = (entry: Item) => String(entry['gsi1sk']);
  const get: FileStore['get'] = async (id, options) => {
    const item = await table.get(keys.file(id), options);
    return item && parseRecord(File, item);
  };
  const moveStatus = (id: string, from: string, to: string, at: string): Promise<boolean> =>
    happened(
      table.write({
        update: keys.file(id),
        set: { status: to, updated_at: at },
        when: [{ attribute: 'status', is: 'one_of', values: [from, to] }],
      }),
    );

  return {
    get,
    create: (file) =>
      happened(table.write({ put: asRecord(file), when: [{ attribute: 'pk', is: 'absent' }] })),
    list: (ownerId, page) =>
      listPage({
        table,
        partitions: [{ index: 'owner', pk: indexKeys.ownedFile(ownerId, '', '').pk }],
        page,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, (item) => parseRecord(File, item)),
      }),
    inspected: (file) =>
      happened(
        table.write({ put: asRecord(file), when: [{ attribute: 'status', is: 'equal', value: 'pending' }] }),
      ),
    async uses(id) {
      const { pk } = keys.file(id);
      const items = await table.query({ pk, prefix: USE_PREFIX, limit: USES_PAGE, newestFirst: true });
      return items.map(asUse).sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    },
    taskUses: (id) => taskUses(table, id),
    markDeleting: (id, at) => moveStatus(id, 'ready', 'deleting', at),
    async unmarkDeleting(id, at) {
      await moveStatus(id, 'deleting', 'ready', at);
    },
    remove: ({ id, status, updated_at }) =>
      happened(
        table.write({
          delete: keys.file(id),
          when: [
            { attribute: 'status', is: 'equal', value: status },
            { attribute: 'updated_at', is: 'equal', value: updated_at },
          ],
        }),
      ),
    async use(ids, ownerId, taskId, at) {
      const ties = ids.map((id) =>
        record('file_use', keys.fileUse(id, taskId), { task_id: taskId, created_at: at }),
      );
      await Promise.all(ties.map((put) => table.write({ put })));
      return usable(ids, await Promise.all(ids.map((id) => get(id, { consistent: true }))), ownerId);
    },
    async tied(id) {
      const file = await get(id);
      return file && 'metadata' in file ? { ...file, status: 'ready' } : undefined;
    },
    async release(ids, taskId) {
      await Promise.all(ids.map((id) => table.write({ delete: keys.fileUse(id, taskId) })));
    },
  };
}

async function* taskUses(table: Table, id: string): AsyncGenerator<TaskUse[], void, undefined> {
  const { pk } = keys.file(id);
  const page = { pk, prefix: USE_PREFIX, limit: USES_PAGE, newestFirst: true, consistent: true };
  let items = await table.query(page);
  while (items.length > 0) {
    const uses = items.map(asUse);
    const tasks = await table.getMany(uses.map((use) => keys.task(use.task_id)));
    const byId = new Map(tasks.map((task) => [String(task['id']), task]));
    yield uses.map((use) => {
      const task = byId.get(use.task_id);
      return {
        ...use,
        task: task && {
          status: String(task['status']),
          assigned_agent_id: StoredAgentId.parse(task['assigned_agent_id']),
        },
      };
    });
    const last = items.length === USES_PAGE ? items.at(-1) : undefined;
    items = last ? await table.query({ ...page, before: String(last['sk']) }) : [];
  }
}

/** @throws DukeError file_not_usable, naming every file that is not */
function usable(ids: readonly string[], files: readonly (File | undefined)[], ownerId: string): ReadyFile[] {
  const faults = ids.flatMap((id, i) => {
    const message = faultOf(files[i], id, ownerId);
    return message === undefined ? [] : [{ path: `files.${i}`, message }];
  });
  if (faults.length > 0) {
    throw new DukeError('file_not_usable', faults.map((fault) => fault.message).join('; '), {
      errors: faults,
    });
  }
  return files.filter((file): file is ReadyFile => file?.status === 'ready');
}

function faultOf(file: File | undefined, id: string, ownerId: string): string | undefined {
  if (!file || file.owner_id !== ownerId) return `no file ${id} of yours`;
  switch (file.status) {
    case 'ready':
      return undefined;
    case 'pending':
      return `${file.filename} is still being inspected`;
    case 'rejected':
      return `${file.filename} was rejected: ${file.rejected_reason}`;
    case 'deleting':
      return `${file.filename} was deleted`;
  }
}
