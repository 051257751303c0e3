import { File } from '../../../contracts/entities/file.ts';
import type { ReadyFile } from '../../../contracts/entities/file.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { INDEXES, indexKeys, keys, parseFileKey, shardOf } from '../../../contracts/naming.ts';
import { encodingGuessOf, encodingOf } from '../../../contracts/rules/file-kinds.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { confirmTies, ownUses, taskUses, tieFiles, untieFiles } from './file-ties.ts';
import type { FileUse, TaskUse } from './file-ties.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { succeeds } from './table.ts';
import type { Item, Table } from './table.ts';

/** A reference to a file in a request. */
export interface FileReference {
  readonly id: string;
  /** Path of its first occurrence in the request: `files.3`, `items.0.files.picture`. */
  readonly path: string;
}

/** An entry of the index of uploads that are not inspected yet. */
export interface PendingFile {
  readonly id: string;
  readonly sortKey: string;
}

export interface FileStore {
  get(id: string, options?: { consistent?: boolean }): Promise<File | undefined>;
  /** Stores a new file; false if the id exists. */
  create(file: Extract<File, { status: 'pending' }>): Promise<boolean>;
  list(ownerId: string, page: PageRequest): Promise<Page<File>>;
  /** Files of one shard that were announced before a time and are still pending, oldest first; pass `after` for the next page. */
  pendingSince(shard: number, before: string, limit: number, after?: PendingFile): Promise<PendingFile[]>;
  /** Records the multipart upload of a pending file; false if it has one, or is not pending any more. */
  beginMultipart(id: string, uploadId: string, at: string): Promise<boolean>;
  /** pending → ready or rejected; false if the file is not pending any more. */
  inspected(file: Extract<File, { status: 'ready' | 'rejected' }>): Promise<boolean>;
  /** ready → pending, for another inspection; false if it is not ready any more. */
  reopen(file: Extract<File, { status: 'pending' }>): Promise<boolean>;
  /** Up to 100 uses by the owner's tasks, newest first. Read with eventual consistency by default, for display. */
  uses(id: string, ownerId: string, now: Date, options?: { consistent?: boolean }): Promise<FileUse[]>;
  /** All uses, read consistently, in pages. */
  taskUses(id: string): AsyncIterable<TaskUse[]>;
  /** ready or deleting → deleting; false in any other state. */
  markDeleting(id: string, at: string): Promise<boolean>;
  unmarkDeleting(id: string, at: string): Promise<void>;
  /** Removes a record that has not changed since it was read or marked; false if it has. */
  remove(file: Pick<File, 'id' | 'status' | 'updated_at'>): Promise<boolean>;
  /** The files, if the owner owns all and all are ready. @throws DukeError file_not_usable */
  usable(references: readonly FileReference[], ownerId: string): Promise<ReadyFile[]>;
  /**
   * Ties files to a task, if the owner owns all and all are ready. It writes the ties and then reads the files again
   * consistently, while a delete marks the file and then reads the ties. Whichever comes second sees the other, so no file
   * of a task is deleted.
   * @throws DukeError file_not_usable, if possible before anything is written
   */
  use(
    references: readonly FileReference[],
    ownerId: string,
    taskId: string,
    at: string,
  ): Promise<ReadyFile[]>;
  /** Makes the ties of a stored task permanent. */
  confirm(ids: readonly string[], taskId: string): Promise<void>;
  /**
   * A file of a stored task. It may be marked for deletion: that delete finds the tie and removes its mark.
   */
  tied(id: string): Promise<ReadyFile | undefined>;
  /** Removes the ties of a task that was not stored after all. */
  release(ids: readonly string[], taskId: string): Promise<void>;
}

const asRecord = (file: File) =>
  record('file', keys.file(file.id), file, {
    owner: indexKeys.ownedFile(file.owner_id, file.created_at, file.id),
    ...(file.status === 'pending' && {
      due: indexKeys.pendingFile(shardOf(file.id), file.created_at, file.id),
    }),
  });

export function fileStore(table: Table): FileStore {
  const sortKeyOf = (entry: Item) => String(entry['gsi1sk']);
  const get: FileStore['get'] = async (id, options) => {
    const item = await table.get(keys.file(id), options);
    return item && parseRecord(File, item);
  };
  const moveStatus = (id: string, from: string, to: string, at: string): Promise<boolean> =>
    succeeds(
      table.write({
        update: keys.file(id),
        set: { status: to, updated_at: at },
        when: [{ attribute: 'status', is: 'one_of', values: [from, to] }],
      }),
    );

  return {
    get,
    create: (file) =>
      succeeds(table.write({ put: asRecord(file), when: [{ attribute: 'pk', is: 'absent' }] })),
    list: (ownerId, page) =>
      listPage({
        table,
        partitions: [{ index: 'owner', pk: indexKeys.ownedFile(ownerId, '', '').pk }],
        page,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, (item) => parseRecord(File, item)),
      }),
    async pendingSince(shard, before, limit, after) {
      const { pk } = indexKeys.pendingFile(shard, '', '');
      const entries = await table.query({
        index: 'due',
        pk,
        upTo: before,
        ...(after && { after: after.sortKey }),
        limit,
      });
      return entries.flatMap((entry) => {
        const id = parseFileKey(String(entry['pk']));
        return id === undefined ? [] : [{ id, sortKey: String(entry[`${INDEXES.due}sk`]) }];
      });
    },
    beginMultipart: (id, uploadId, at) =>
      succeeds(
        table.write({
          update: keys.file(id),
          set: { multipart: { upload_id: uploadId }, updated_at: at },
          when: [
            { attribute: 'status', is: 'equal', value: 'pending' },
            { attribute: 'multipart', is: 'absent' },
          ],
        }),
      ),
    inspected: (file) =>
      succeeds(
        table.write({ put: asRecord(file), when: [{ attribute: 'status', is: 'equal', value: 'pending' }] }),
      ),
    reopen: (file) =>
      succeeds(
        table.write({ put: asRecord(file), when: [{ attribute: 'status', is: 'equal', value: 'ready' }] }),
      ),
    uses: (id, ownerId, now, options) => ownUses(table, id, ownerId, now, options),
    taskUses: (id) => taskUses(table, id),
    markDeleting: (id, at) => moveStatus(id, 'ready', 'deleting', at),
    async unmarkDeleting(id, at) {
      await moveStatus(id, 'deleting', 'ready', at);
    },
    remove: ({ id, status, updated_at }) =>
      succeeds(
        table.write({
          delete: keys.file(id),
          when: [
            { attribute: 'status', is: 'equal', value: status },
            { attribute: 'updated_at', is: 'equal', value: updated_at },
          ],
        }),
      ),
    usable: (references, ownerId) => usable(table, references, ownerId),
    async use(references, ownerId, taskId, at) {
      await usable(table, references, ownerId);
      await tieFiles(
        table,
        references.map(({ id }) => id),
        { ownerId, taskId, at },
      );
      return usable(table, references, ownerId);
    },
    confirm: (ids, taskId) => confirmTies(table, ids, taskId),
    async tied(id) {
      const file = await get(id, { consistent: true });
      return file && 'metadata' in file ? { ...file, status: 'ready' } : undefined;
    },
    release: (ids, taskId) => untieFiles(table, ids, taskId),
  };
}

/** How many faults an error lists. */
const MAX_FAULTS = 50;

/** @throws DukeError file_not_usable, which lists the unusable files */
async function usable(
  table: Table,
  references: readonly FileReference[],
  ownerId: string,
): Promise<ReadyFile[]> {
  const items = await table.getMany(
    references.map(({ id }) => keys.file(id)),
    { consistent: true },
  );
  const files = new Map(items.map((item) => [String(item['id']), parseRecord(File, item)]));
  const faults = references.flatMap(({ id, path }) => {
    const message = faultOf(files.get(id), id, ownerId);
    return message === undefined ? [] : [{ path, message }];
  });
  const [first] = faults;
  if (first) {
    const moreFaults = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    throw new DukeError('file_not_usable', `${first.message}${moreFaults}.`, {
      errors: faults.slice(0, MAX_FAULTS),
    });
  }
  return [...files.values()].filter((file): file is ReadyFile => file.status === 'ready');
}

function faultOf(file: File | undefined, id: string, ownerId: string): string | undefined {
  if (!file || file.owner_id !== ownerId) return `no file ${id} of yours`;
  switch (file.status) {
    case 'ready':
      return encodingGuessOf(file.metadata)
        ? `the encoding of ${file.filename} is a guess (${encodingOf(file.metadata)}): choose it under Files or by POST /files/${id}/encoding`
        : undefined;
    case 'pending':
      return `${file.filename} is still being inspected`;
    case 'rejected':
      return `${file.filename} was rejected: ${file.rejected_reason}`;
    case 'deleting':
      return `${file.filename} was deleted`;
  }
}
