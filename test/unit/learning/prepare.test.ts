import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TrainingExample } from '../../../contracts/entities/training.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { objects } from '../../../contracts/naming.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { contentHash, isReserved } from '../../../lambdas/learning/outcomes/content.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { readFiles } from '../../../lambdas/learning/outcomes/read-lines.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { sha256 } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { parseJsonLines } from '../../../lambdas/shared/objects.ts';
import { example, loop, stored, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

const DAY = '2026-03-01';
let at: Loop;
beforeEach(async () => {
  at = await loop();
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});

async function newRun(): Promise<string> {
  const requested = await requestRun(at, trigger({ created_at: at.clock().toISOString() }));
  return requested.runId;
}

/** A whole run as far as the gate, which says no: what it was trained on, and the manifest. */
async function prepared(runId?: string) {
  const id = runId ?? (await newRun());
  const answer = await prepare(at, await activeRun(at.runs, id));
  const text = await at.work.text(objects.manifest(id));
  const manifest = DataManifest.parse(JSON.parse(text));
  const rows = async (split: keyof DataManifest['splits']): Promise<TrainingExample[]> => {
    const shards = manifest.splits[split].map(({ path }) => `learning/${id}/data/${path}`);
    const lines = await Promise.all(shards.map(async (key) => parseJsonLines(await at.work.text(key))));
    return lines.flat().map((line) => TrainingExample.parse(line));
  };
  const splits = {
    train: await rows('train'),
    validation: await rows('validation'),
    reservoir: await rows('reservoir'),
  };
  return { id, answer, manifest, text, splits };
}
const end = (run_id: string) =>
  conclude(at, { run_id, outcome: 'archived', code: 'gate_failed', reasons: ['no better'] });

const many = (n: number, prefix = 'mail', overrides: Partial<TrainingExample> = {}) =>
  Array.from({ length: n }, (_, i) => example(`${prefix} ${i}`, overrides));
const textOf = (row: TrainingExample): string => String(row.item.fields['text']);

describe('the data of a run', () => {
  it('is split 80/20 after a tenth for the reservoir, and every file is listed with its hash', async () => {
    await stored(at, many(2000), DAY);
    const { manifest, splits, answer } = await prepared();
    expect(answer).toEqual({ enough: true });
    const { train, validation, reservoir } = manifest.counts;
    expect(train + validation + reservoir).toBe(2000);
    expect(reservoir / 2000).toBeCloseTo(0.1, 1);
    expect(validation / (train + validation)).toBeCloseTo(0.2, 1);
    expect(splits.train).toHaveLength(train);
    for (const { path, sha256: named, size_bytes } of Object.values(manifest.splits).flat()) {
      const body = await at.work.text(`learning/${manifest.id}/data/${path}`);
      expect([sha256(body), Buffer.byteLength(body)]).toEqual([named, size_bytes]);
    }
    expect(manifest.families).toEqual({
      fam_a: { kind: 'classification', train, validation, reservoir },
    });
  });

  it('keeps media addresses, weights and refusals as they are', async () => {
    const media = {
      scan: { uri: 's3://files/ready/x', file_type: 'png', sha256: 'a'.repeat(64), size_bytes: 9 },
    };
    const rows = [
      example('a', { item: { id: '1', fields: {}, media }, weight: 0.5, label_source: 'auto_accepted' }),
      example('b', { expected: undefined, label_source: 'refused', success: false }),
    ];
    const task_id = await stored(at, rows, DAY);
    const { splits } = await prepared();
    const kept = [...splits.train, ...splits.validation, ...splits.reservoir];
    expect(new Set(kept.map((row) => JSON.stringify(row)))).toEqual(
      new Set(rows.map((row) => JSON.stringify(TrainingExample.parse({ ...row, task_id })))),
    );
  });

  it('leaves out unlabelled outcomes, duplicates, and malformed lines', async () => {
    await stored(at, [example('old', { expected: 'spam' })], '2026-02-01');
    await stored(at, [example(' OLD '), example('doubt', { weight: 0 }), { nonsense: 1 } as never], DAY);
    const { manifest, splits } = await prepared();
    expect(manifest.counts.left_out).toBe(3);
    const kept = [...splits.train, ...splits.validation, ...splits.reservoir];
    // Of duplicates the newest label counts.
    expect(kept.map((row) => [textOf(row), row.expected])).toEqual([[' OLD ', 'ham']]);
  });

  it('contains all of the last 90 days, and a replay of older outcomes', async () => {
    at.setTime('2026-06-01T00:00:00.000Z');
    await stored(at, many(50, 'recent'), '2026-05-01');
    await stored(at, many(50, 'older'), '2026-01-01');
    const { manifest, splits } = await prepared();
    expect(manifest.window).toEqual({ from: '2026-03-03T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' });
    expect(manifest.counts.replay).toBe(splits.train.filter((row) => textOf(row).startsWith('older')).length);
    expect(manifest.counts.replay).toBeGreaterThan(20);
    expect(manifest.lineage.shards).toBe(2);
  });

  it('is prepared once: a repeated step returns the same data, whatever arrived meanwhile', async () => {
    await stored(at, many(100), DAY);
    const first = await prepared();
    await stored(at, many(100, 'later'), DAY);
    const again = await prepared(first.id);
    expect(again.text).toBe(first.text);
    expect(again.answer).toEqual(first.answer);
  });
});

describe('the reservoir', () => {
  it('carries over from run to run, and is never trained on', async () => {
    await stored(at, many(400), DAY);
    const first = await prepared();
    await end(first.id);
    at.passTime(200 * 24 * 3_600_000);
    await stored(at, many(400, 'new', { created_at: at.clock().toISOString() }), at.clock().toISOString());
    const second = await prepared();
    const texts = (rows: readonly TrainingExample[]) => new Set(rows.map(textOf));
    for (const text of texts(first.splits.reservoir)) expect(texts(second.splits.reservoir)).toContain(text);
    expect(second.splits.reservoir.length).toBeGreaterThan(first.splits.reservoir.length);
    const trained = new Set([...texts(first.splits.train), ...texts(second.splits.train)]);
    expect([...texts(second.splits.reservoir)].filter((text) => trained.has(text))).toEqual([]);
  });

  it('takes a thousand outcomes per family; later ones are used for training or evaluation', async () => {
    const reserved = Array.from({ length: 12_000 }, (_, i) => example(`mail ${i}`)).filter((row) =>
      isReserved(contentHash(row.family, row.item)),
    );
    expect(reserved.length).toBeGreaterThan(1100);
    await stored(at, reserved, DAY);
    const { manifest } = await prepared();
    expect(manifest.counts.reservoir).toBe(1000);
    expect(manifest.counts.train + manifest.counts.validation).toBe(reserved.length - 1000);
  });

  it('is verified by its hash when it is carried over', async () => {
    await stored(at, many(400), DAY);
    const first = await prepared();
    await end(first.id);
    const [shard] = first.manifest.splits.reservoir;
    const key = `learning/${first.id}/data/${shard?.path}`;
    await at.work.put(key, (await at.work.text(key)).replace('"ham"', '"eggs"'), 'application/jsonl');
    await expect(prepared()).rejects.toThrow('is not the reservoir');
  });
});

describe('an outcome and its duplicates never change their split', () => {
  it('across runs, tasks and days', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 }), {
          minLength: 2,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 120 }),
        async (tasksOfRuns, daysBetween) => {
          at = await loop();
          const side = new Map<string, string>();
          for (const texts of tasksOfRuns) {
            const now = at.clock().toISOString();
            await stored(
              at,
              texts.map((n) => example(`mail ${n}`, { created_at: now })),
              now,
            );
            const id = await newRun();
            await prepare({ ...at, minNewLabels: 0 }, await activeRun(at.runs, id));
            const { splits } = await prepared(id);
            await end(id);
            for (const [split, rows] of Object.entries(splits)) {
              for (const row of rows) {
                expect([textOf(row), side.get(textOf(row)) ?? split]).toEqual([textOf(row), split]);
                side.set(textOf(row), split);
              }
            }
            at.passTime(daysBetween * 24 * 3_600_000);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the minimum data of a run', () => {
  it('is at least twenty labels that no earlier run had', async () => {
    await stored(at, many(60), DAY);
    const first = await prepared();
    expect(first.answer).toEqual({ enough: true });
    await end(first.id);
    at.passTime(3_600_000);
    const created_at = at.clock().toISOString();
    await stored(at, many(19, 'new', { created_at }), created_at);
    const second = await prepared();
    expect(second.answer).toEqual({ enough: false, reason: '19 new labels; a run needs 20.' });
    await conclude(at, {
      run_id: second.id,
      outcome: 'archived',
      code: 'not_enough_data',
      reasons: [second.answer.reason ?? ''],
    });
    await stored(at, [example('one more', { created_at })], created_at);
    expect((await prepared()).answer).toEqual({ enough: true });
  });

  it('is none for the first version, which consists of the encoders only', async () => {
    const routing = await at.models.routing();
    at.table.items.delete('MODEL#duke-mm ROUTING');
    expect(routing).toBeDefined();
    const { answer, manifest } = await prepared();
    expect(answer).toEqual({ enough: true });
    expect(manifest).toMatchObject({ parent: null, counts: { train: 0, validation: 0, reservoir: 0 } });
  });
});

describe('reading files', () => {
  it('keeps their order, small ones ahead and large ones as a stream, and hashes each', async () => {
    const bodies = [
      ...Array.from({ length: 80 }, (_, i) => `a${i}\nb${i}\n`),
      `ü${'x'.repeat(3 << 20)}\nlast`,
      'end',
    ];
    const files = await Promise.all(
      bodies.map(async (body, i) => {
        await at.work.put(`f${i}`, body, 'text/plain');
        return { key: `f${i}`, size: Buffer.byteLength(body) };
      }),
    );
    const seen: string[] = [];
    for await (const file of readFiles(at.work, files)) {
      const lines: string[] = [];
      for await (const line of file.lines) lines.push(line);
      expect(file.sha256()).toBe(sha256(bodies[seen.length]!));
      seen.push(lines.join('\n'));
    }
    expect(seen).toEqual(bodies.map((body) => body.trimEnd()));
  });
});
