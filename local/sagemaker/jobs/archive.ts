import { create } from 'tar';
import { filesOf } from './objects.ts';

/**
 * Writes a folder's files as a tar.gz whose bytes depend on names and contents only: sorted, without owners, all of one
 * date.
 * @returns false if there is no file, and nothing is written
 */
export async function archive(folder: string, target: string): Promise<boolean> {
  const files = await filesOf(folder);
  if (files.length === 0) return false;
  await create(
    { cwd: folder, file: target, gzip: { level: 6 }, portable: true, noDirRecurse: true, mtime: new Date(0) },
    // A name that begins with @ would be taken for an archive to be copied.
    files.map((path) => (path.startsWith('@') ? `./${path}` : path)),
  );
  return true;
}
