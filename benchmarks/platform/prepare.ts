/**
 * The prepare step over 100,000 outcomes: how long it takes and how much memory. `node
 * benchmarks/platform/prepare.ts [outcomes] [latency in ms]`. Tasks of 1 to 250 items lie as files on disk behind a stand-in for S3, which answers each call after the
 * latency; there is no table. Everything else is the step's own code.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataManifest } from '../../contracts/learning/manifest.ts';
import { objects } from '../../contracts/naming.ts';
import type { ListFiles } from '../../lambdas/learning/outcomes/outcome-files.ts';
import { jsonLines, ObjectMissing } from '../../lambdas/shared/objects.ts';
import type { ObjectStore } from '../../lambdas/shared/objects.ts';
import { prepareAlone, RUN_ID } from '../../scripts/prepare-alone.ts';
import { sampleOutcome } from '../../scripts/shared/sample-outcome.ts';

const OUTCOMES = Number(process.argv[2] ?? 100_000);
const LATENCY_MS = Number(process.argv[3] ?? 20);
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
const keys: string[] = [];

function write(): { tasks: number; bytes: number } {
  const next = random(1);
  let left = OUTCOMES;
  let bytes = 0;
  for (let task = 0; left > 0; task++) {
    const items = Math.min(left, next() < 0.5 ? 1 + Math.floor(next() * 10) : 1 + Math.floor(next() * 250));
    left -= items;
    const day = new Date(Date.parse(NOW) - (1 + Math.floor(next() * DAYS)) * 86_400_000).toISOString();
    const rows = Array.from({ length: items }, (_, i) =>
      // One in fifty is a duplicate of something earlier.
      sampleOutcome(`${next() < 0.02 ? Math.floor(next() * 1000) : `${task}/${i}`} ${TEXT}`, {
        family: `fam_${task % 200}`,
        created_at: day,
      }),
    );
    const key = objects.outcomes(rows[0]!.task_id, day);
    const body = jsonLines(rows);
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), body);
    keys.push(key);
    bytes += body.length;
  }
  return { tasks: keys.length, bytes };
}

/** S3 as the step sees it: each call waits first. */
const disk: ObjectStore = {
  bucket: 'work',
  async text(key) {
    await sleep(LATENCY_MS);
    try {
      return await readFile(join(folder, key), 'utf8');
    } catch (error) {
      throw new ObjectMissing(key, { cause: error });
    }
  },
  async stream(key) {
    await sleep(LATENCY_MS);
    return createReadStream(join(folder, key));
  },
  async put(key, body) {
    await sleep(LATENCY_MS);
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), body);
  },
  async remove() {
    throw new Error('nothing is removed');
  },
  async size(key) {
    await sleep(LATENCY_MS);
    return statSync(join(folder, key), { throwIfNoEntry: false })?.size;
  },
};
const listFiles: ListFiles = async function* () {
  for (const [i, key] of [...keys].sort().entries()) {
    if (i % 1000 === 0) await sleep(LATENCY_MS);
    yield { key, size: statSync(join(folder, key)).size };
  }
};

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
try {
  const { tasks, bytes } = write();
  console.log(`${OUTCOMES} outcomes of ${tasks} tasks, ${megabytes(bytes)}; ${LATENCY_MS} ms a call`);
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  const started = performance.now();
  const answer = await prepareAlone(disk, listFiles, NOW);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  const text = await disk.text(objects.manifest(RUN_ID));
  const { counts, splits } = DataManifest.parse(JSON.parse(text));
  const shards = Object.values(splits).flat().length;
  console.log(`prepared: ${JSON.stringify({ ...answer, ...counts, shards })}, manifest ${text.length} bytes`);
  console.log(`${seconds.toFixed(1)} s, ${Math.round(OUTCOMES / seconds)} outcomes a second`);
  console.log(`peak memory ${megabytes(peak)}, of which ${megabytes(before)} before it began`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
