import { beforeEach, describe, expect, it } from 'vitest';
import { COMPACTED_PREFIX, objects } from '../../../contracts/naming.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { prepareAlone, RUN_ID } from '../../../scripts/prepare-alone.ts';
import type { ListFiles } from '../../../lambdas/learning/outcomes/outcome-files.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import type { ObjectStore } from '../../../lambdas/shared/objects.ts';
import { sampleOutcome } from '../../../scripts/shared/sample-outcome.ts';
import { memoryObjects } from '../support/memory-objects.ts';

const NOW = '2026-06-01T12:00:00.000Z';
/** Over since long, within the window. */
const DAY = '2026-05-01T10:00:00.000Z';

/** Tasks whose ids begin with the same six digits were created in the same span of 2^24 ms. */
const SPAN_MS = 2 ** 24;
const SPAN_BEGIN = Math.ceil(Date.parse(DAY) / SPAN_MS) * SPAN_MS;

/** Ids of tasks that were created one after another: version 7 UUIDs begin with their time. */
const taskAt = (quarter: number): string => {
  const ms = (SPAN_BEGIN + quarter * 15 * 60_000).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
};

class Bucket {
  readonly objects: Map<string, Buffer>;
  readonly work: ObjectStore;
  reads: string[] = [];
  /** Calls of `put` that succeed. */
  putsLeft = Infinity;

  constructor() {
    const memory = memoryObjects('work');
    this.objects = memory.objects;
    this.work = {
      ...memory,
      text: (key) => {
        this.reads.push(key);
        return memory.text(key);
      },
      put: async (key, body, type) => {
        if (this.putsLeft-- <= 0) throw new Error('out of time');
        await memory.put(key, body, type);
      },
    };
  }

  readonly list: ListFiles = async function* (this: Bucket, prefix: string) {
    for (const key of [...this.objects.keys()].sort())
      if (key.startsWith(prefix)) yield { key, size: this.objects.get(key)!.length };
  }.bind(this);

  /** A task with three outcomes; @returns the key of its file */
  store(quarter: number, day = DAY): string {
    const key = objects.outcomes(taskAt(quarter), day);
    const rows = [1, 2, 3].map((n) => sampleOutcome(`mail ${quarter} ${n}`, { created_at: day }));
    this.objects.set(key, Buffer.from(jsonLines(rows)));
    return key;
  }

  /** Hashes of the files of the data set. */
  async prepare(): Promise<unknown> {
    for (const key of this.objects.keys()) if (key.startsWith('learning/')) this.objects.delete(key);
    this.reads = [];
    await prepareAlone(this.work, this.list, NOW);
    const { splits, counts } = DataManifest.parse(
      JSON.parse(String(this.objects.get(objects.manifest(RUN_ID)))),
    );
    return { splits, counts };
  }

  get compacted(): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(COMPACTED_PREFIX));
  }
  get tasksRead(): number {
    return this.reads.filter((key) => key.startsWith('outcomes/')).length;
  }
}

let bucket: Bucket;
beforeEach(() => {
  bucket = new Bucket();
});
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('outcomes of a past day', () => {
  it('are read once as files of tasks, then as a few objects, with the same data set', async () => {
    for (const quarter of range(224)) bucket.store(quarter);
    const first = await bucket.prepare();
    expect(bucket.tasksRead).toBe(224);
    const second = await bucket.prepare();
    expect(second).toEqual(first);
    expect(bucket.tasksRead).toBe(0);
    expect(bucket.reads.length).toBeLessThan(20);
  });

  it('are the same data set as without compaction', async () => {
    for (const quarter of range(224)) bucket.store(quarter);
    const compacted = await bucket.prepare();
    const lines = [...bucket.objects].filter(([key]) => key.startsWith('outcomes/'));
    const alone = new Bucket();
    for (const [key, body] of lines) alone.objects.set(key.replace('/2026/05/01/', '/2026/05/31/'), body); // Still open: not compacted.
    expect(await alone.prepare()).toEqual(compacted);
    expect(alone.compacted).toEqual([]);
  });

  it('leave out a task once its file is deleted, and delete the objects that contained it', async () => {
    const keys = range(30).map((quarter) => bucket.store(quarter));
    await bucket.prepare();
    const before = bucket.compacted;
    bucket.objects.delete(keys[3]!);
    await bucket.prepare();
    const content = bucket.compacted.map((key) => String(bucket.objects.get(key))).join('');
    expect([content.includes('mail 2 1'), content.includes('mail 3 1')]).toEqual([true, false]);
    expect(bucket.compacted.length).toBe(before.length);
    expect(bucket.compacted).not.toEqual(before);
  });

  it('include a task that was recorded late', async () => {
    for (const quarter of range(10)) bucket.store(quarter);
    const before = await bucket.prepare();
    bucket.store(11);
    expect(await bucket.prepare()).not.toEqual(before);
    expect(bucket.compacted).toHaveLength(1);
  });

  it('continue after an attempt that ran out of time with the objects that it had written', async () => {
    for (const quarter of range(400)) bucket.store(quarter);
    bucket.putsLeft = 15;
    await expect(bucket.prepare()).rejects.toThrow('out of time');
    expect(bucket.compacted).toHaveLength(15);
    bucket.putsLeft = Infinity;
    await bucket.prepare();
    expect(bucket.tasksRead).toBeLessThan(200);
  });
});

it('outcomes of yesterday and today are not compacted, because more may follow', async () => {
  for (const quarter of range(30)) bucket.store(quarter, '2026-05-31T10:00:00.000Z');
  for (const quarter of range(30)) bucket.store(quarter, NOW);
  await bucket.prepare();
  expect(bucket.compacted).toEqual([]);
});
