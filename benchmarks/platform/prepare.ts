/**
 * The prepare step over 100,000 outcomes: time, memory and requests of a first run, which compacts the files of tasks, and of
 * a second one, which reads what was compacted. `node benchmarks/platform/prepare.ts [outcomes] [latency in ms] [most items of
 * a task]`. Files lie on disk behind a stand-in for S3, which answers each call after the latency; there is no table.
 * Everything else is the step's own code.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { DataManifest } from '../../contracts/learning/manifest.ts';
import { objects } from '../../contracts/naming.ts';
import type { ListFiles } from '../../lambdas/learning/outcomes/outcome-files.ts';
import { jsonLines, ObjectMissing } from '../../lambdas/shared/objects.ts';
import type { ObjectStore } from '../../lambdas/shared/objects.ts';
import { prepareAlone, RUN_ID } from '../../scripts/prepare-alone.ts';
import { sampleOutcome } from '../../scripts/shared/sample-outcome.ts';

const OUTCOMES = Number(process.argv[2] ?? 100_000);
const LATENCY_MS = Number(process.argv[3] ?? 20);
const MAX_ITEMS = Number(process.argv[4] ?? 250);
const NOW = '2026-06-01T00:00:00.000Z';
const DAYS = 90;
const TEXT = 'It was a bright cold day in April, and the clocks were striking thirteen. '.repeat(10);

/** A deterministic number from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const folder = mkdtempSync(join(tmpdir(), 'dukenet-prepare-'));
const keys = new Set<string>();
let requests = 0;
const request = (): Promise<void> => {
  requests += 1;
  return sleep(LATENCY_MS);
};

function write(): { tasks: number; bytes: number } {
  const next = random(1);
  let left = OUTCOMES;
  let bytes = 0;
  for (let task = 0; left > 0; task++) {
    const most = next() < 0.5 ? Math.min(10, MAX_ITEMS) : MAX_ITEMS;
    const items = Math.min(left, 1 + Math.floor(next() * most));
    left -= items;
    const time = Date.parse(NOW) - (1 + next() * DAYS) * 86_400_000;
    const day = new Date(time).toISOString();
    const rows = Array.from({ length: items }, (_, i) =>
      // One in fifty is a duplicate of something earlier.
      sampleOutcome(`${next() < 0.02 ? Math.floor(next() * 1000) : `${task}/${i}`} ${TEXT}`, {
        family: `fam_${task % 200}`,
        created_at: day,
      }),
    );
    // As the id of a task that was created then.
    const key = objects.outcomes(v7({ msecs: time }), day);
    const body = jsonLines(rows);
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), body);
    keys.add(key);
    bytes += body.length;
  }
  return { tasks: keys.size, bytes };
}

/** S3 as the step sees it: each call waits first. */
const disk: ObjectStore = {
  bucket: 'work',
  async text(key) {
    await request();
    try {
      return await readFile(join(folder, key), 'utf8');
    } catch (error) {
      throw new ObjectMissing(key, { cause: error });
    }
  },
  async stream(key) {
    await request();
    return createReadStream(join(folder, key));
  },
  async put(key, body) {
    await request();
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), body);
    keys.add(key);
  },
  async remove(key) {
    await request();
    keys.delete(key);
  },
  async size(key) {
    await request();
    return statSync(join(folder, key), { throwIfNoEntry: false })?.size;
  },
};
const listFiles: ListFiles = async function* (prefix) {
  await request();
  const found = [...keys].filter((key) => key.startsWith(prefix)).sort();
  for (const [i, key] of found.entries()) {
    if (i > 0 && i % 1000 === 0) await request();
    yield { key, size: statSync(join(folder, key)).size };
  }
};

async function measured(run: string): Promise<void> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  requests = 0;
  const started = performance.now();
  await prepareAlone(disk, listFiles, NOW);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  const { counts } = DataManifest.parse(
    JSON.parse(await readFile(join(folder, objects.manifest(RUN_ID)), 'utf8')),
  );
  rmSync(join(folder, objects.manifest(RUN_ID)));
  console.log(
    `${run} run: ${seconds.toFixed(1)} s, ${requests} requests, peak memory ${megabytes(peak)} (${megabytes(before)} before), ${JSON.stringify(counts)}`,
  );
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
try {
  const { tasks, bytes } = write();
  console.log(`${OUTCOMES} outcomes of ${tasks} tasks, ${megabytes(bytes)}; ${LATENCY_MS} ms a call`);
  for (const run of ['first', 'second']) await measured(run);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
