import type { FileView } from '../../contracts/api/files.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import { readHash } from '../../contracts/rules/file-kinds.ts';
import type { Clock } from '../shared/clock.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { reviewerOf } from '../shared/stores/task-records.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import { fileView, withoutValues } from './file-view.ts';
import type { Transfer } from './transfer.ts';

interface Reading {
  readonly files: FileStore;
  readonly clock: Clock;
}
interface Dependencies extends Reading {
  readonly transfer: Transfer;
}

/** One query per file, since its uses are in its own partition. */
const usedBy = async ({ files, clock }: Reading, file: File): Promise<string[]> =>
  (await files.uses(file.id, file.owner_id, clock())).map((use) => use.task_id);

/** The caller's files, newest first, with names and types of columns but without values. */
export async function listFiles(
  deps: Reading,
  ownerId: string,
  request: PageRequest,
): Promise<Page<FileView>> {
  const page = await deps.files.list(ownerId, request);
  const items = await Promise.all(
    page.items.map(async (file) => {
      // Only ready files have uses.
      const view = fileView(file, 'metadata' in file ? await usedBy(deps, file) : []);
      return { ...view, metadata: withoutValues(view.metadata) };
    }),
  );
  return { items, next_cursor: page.next_cursor };
}

/**
 * @param sha256 of the bytes to download: an item names those of a member of an archive
 * @throws DukeError not_found, also for files that the caller may not see
 */
export async function getFile(
  deps: Dependencies,
  caller: Caller,
  scope: 'own' | 'party' | 'any',
  { id, sha256 }: { readonly id: string; readonly sha256?: string | undefined },
): Promise<FileView> {
  const file = await visibleFile(deps.files, caller, scope, id);
  const isOwner = file.owner_id === caller.userId;
  // Agents do not see which tasks use a file.
  const tasks = isOwner || scope === 'any' ? await usedBy(deps, file) : [];
  return fileView(file, tasks, await downloadOf(deps.transfer, file, { isOwner, sha256 }));
}

/**
 * A file that the caller may see: its owner, an administrator, or the agent of a task that uses it.
 * @throws DukeError not_found
 */
export async function visibleFile(
  files: FileStore,
  caller: Caller,
  scope: 'own' | 'party' | 'any',
  id: string,
): Promise<File> {
  const file = await files.get(id, { consistent: true });
  const seen =
    file &&
    (file.owner_id === caller.userId ||
      scope === 'any' ||
      (scope === 'party' && (await worksWith(files, caller, file))));
  if (!file || !seen) throw new DukeError('not_found', 'There is no such file of yours.');
  return file;
}

/** Whether the caller does a task of the file's owner that uses it. */
async function worksWith(files: FileStore, caller: Caller, file: File): Promise<boolean> {
  for await (const uses of files.taskUses(file.id)) {
    const theirs = uses.some(
      ({ task }) =>
        task?.buyer_id === file.owner_id &&
        (task.assigned_agent_id === caller.userId || reviewerOf(task) === caller.userId),
    );
    if (theirs) return true;
  }
  return false;
}

/** Only the owner gets the uploaded bytes, because a picture may hold the coordinates of a home; others get what tasks read. */
async function downloadOf(
  transfer: Transfer,
  file: File,
  { isOwner, sha256 }: { readonly isOwner: boolean; readonly sha256: string | undefined },
): Promise<string | undefined> {
  if (!('metadata' in file)) return undefined;
  const { metadata } = file;
  const requestedHash = sha256 ?? (isOwner ? metadata.sha256 : readHash(metadata));
  const hash = !isOwner && requestedHash === metadata.sha256 ? readHash(metadata) : requestedHash;
  return transfer.downloadFrom(objects.ready(file.id, hash), file.filename);
}
