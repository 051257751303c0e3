/**
 * Runs the prepare step over a folder that stands for the work bucket (`outcomes/<yyyy>/<mm>/<dd>/<task>.jsonl`), and prints
 * where in it the data lie. For model/bench/isolation.py.
 */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { TrainingRun } from '../contracts/entities/run.ts';
import { objects } from '../contracts/naming.ts';
import { prepare } from '../lambdas/learning/pipeline/prepare.ts';
import { ObjectMissing } from '../lambdas/shared/objects.ts';
import type { ObjectStore } from '../lambdas/shared/objects.ts';

const NOW = '2026-11-25T00:00:00.000Z';
const RUN_ID = '00000000-0000-4000-8000-00000000000a';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');

function folderStore(root: string): ObjectStore {
  const there = (key: string): string => {
    if (!existsSync(join(root, key))) throw new ObjectMissing(key);
    return join(root, key);
  };
  return {
    bucket: 'work',
    text: async (key) => readFile(there(key), 'utf8'),
    stream: async (key) => createReadStream(there(key)),
    put: async (key, body) => {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, key), body);
    },
    remove: (key) => rm(join(root, key)),
    size: async (key) => (existsSync(join(root, key)) ? statSync(join(root, key)).size : undefined),
  };
}

const run: TrainingRun = {
  id: RUN_ID,
  status: 'preparing',
  trigger: { key: 'admin-isolation', reason: 'admin', detail: 'isolation', created_at: NOW },
  parent: null,
  curves: [],
  created_at: NOW,
  updated_at: NOW,
};
const state = { trained_until: null, outcomes_at_training: 0, reservoir_manifest: null, failed_gates: 0 };

await prepare(
  {
    runs: { update: async () => true },
    locks: { state: async () => state, saveState: async () => true },
    training: { progress: async () => undefined },
    work: folderStore(folder),
    listFiles: async function* (prefix) {
      const names = readdirSync(join(folder, prefix), { recursive: true, encoding: 'utf8' }).sort();
      for (const name of names) {
        const path = join(folder, prefix, name);
        if (statSync(path).isFile()) yield { key: relative(folder, path), size: statSync(path).size };
      }
    },
    clock: () => new Date(NOW),
    minNewLabels: 1,
    reportUnusable: () => undefined,
  },
  run,
);
console.log(dirname(objects.manifest(RUN_ID)));
