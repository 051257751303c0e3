import { create } from 'tar';
import { filesOf } from './objects.ts';

/**
 * Writes the files of a folder as a reproducible tar.gz: sorted, without owners, with a constant date.
 * @returns false if there is no file; then nothing is written
 */
export async function archive(folder: string, target: string): Promise<boolean> {
  const files = await filesOf(folder);
  if (files.length === 0) return false;
  await create(
    { cwd: folder, file: target, gzip: { level: 6 }, portable: true, noDirRecurse: true, mtime: new Date(0) },
    // tar would read a name that begins with @ as an archive to include.
    files.map((path) => (path.startsWith('@') ? `./${path}` : path)),
  );
  return true;
}
