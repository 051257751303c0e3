/**
 * Runs the prepare step over a folder in place of the work bucket (`outcomes/<yyyy>/<mm>/<dd>/<task>.jsonl`), and
 * prints where in it the data are. For model/tests/large_isolation.py.
 */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { objects } from '../contracts/naming.ts';
import { ObjectMissing } from '../lambdas/shared/objects.ts';
import type { ObjectStore } from '../lambdas/shared/objects.ts';
import { prepareAlone, RUN_ID } from './prepare-alone.ts';

const NOW = '2026-11-25T00:00:00.000Z';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');

function folderStore(root: string): ObjectStore {
  const pathOf = (key: string): string => {
    if (!existsSync(join(root, key))) throw new ObjectMissing(key);
    return join(root, key);
  };
  return {
    bucket: 'work',
    text: async (key) => readFile(pathOf(key), 'utf8'),
    stream: async (key) => createReadStream(pathOf(key)),
    put: async (key, body) => {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, key), body);
    },
    remove: (key) => rm(join(root, key)),
    size: async (key) => (existsSync(join(root, key)) ? statSync(join(root, key)).size : undefined),
  };
}

await prepareAlone(
  folderStore(folder),
  async function* (prefix) {
    const names = readdirSync(join(folder, prefix), { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names) {
      const path = join(folder, prefix, name);
      if (statSync(path).isFile()) yield { key: relative(folder, path), size: statSync(path).size };
    }
  },
  NOW,
);
console.log(dirname(objects.manifest(RUN_ID)));
