import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Hash of names and contents of all files under `paths` (files or folders of `root`) and of further values. */
export function fingerprint(root: string, paths: string[], values: unknown = null): string {
  const sha = createHash('sha256').update(JSON.stringify(values));
  const files = paths
    .flatMap((path) => (isFolder(join(root, path)) ? globSync(`${path}/**/*`, { cwd: root }) : [path]))
    .filter((file) => !isFolder(join(root, file)))
    .sort();
  for (const file of files) {
    const content = readFileSync(join(root, file));
    sha.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return sha.digest('hex');
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

/** Parses a JSON file; undefined if it does not exist. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
