import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TrainingExample } from '../../../contracts/entities/training.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { unusableShare } from '../../../contracts/learning/unusable.ts';
import { objects, outcomesOfDay } from '../../../contracts/naming.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { HOSTILE_NAMES } from '../../support/hostile-names.ts';
import { example, loop, stored, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

/** `npm run test:isolation` sets it: cases of the property. */
const CASES = Number(process.env['ISOLATION_CASES'] ?? 40);
const DAY = '2026-03-01';

beforeEach(() => {
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
});

const honest = Array.from({ length: 60 }, (_, i) => example(`mail ${i}`, { family: 'fam_honest' }));

/** Prepares a run; the lines of the honest family by split, and what was left out. */
async function prepared(at: Loop) {
  const { runId } = await requestRun(at, trigger({ created_at: at.clock().toISOString() }));
  await prepare(at, await activeRun(at.runs, runId));
  const manifest = DataManifest.parse(JSON.parse(await at.work.text(objects.manifest(runId))));
  const lines: Record<string, string[]> = {};
  for (const [split, shards] of Object.entries(manifest.splits)) {
    const texts = await Promise.all(shards.map(({ path }) => at.work.text(`learning/${runId}/data/${path}`)));
    lines[split] = texts
      .flatMap((text) => text.trim().split('\n'))
      .filter((line) => line.includes('"family":"fam_honest"'));
  }
  return { runId, manifest, lines, unusable: (await at.runs.get(runId))?.unusable?.prepare };
}

const LONG = 1_000_001;
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    1e308,
    -1e308,
    1e150,
    'x'.repeat(LONG),
    [],
    {},
    true,
    '\ud800',
    '\0',
  ),
  fc.constantFrom<unknown>(...HOSTILE_NAMES),
  fc.double(),
  fc.string(),
);
const field = fc.constantFrom(...Object.keys(TrainingExample.shape), ...HOSTILE_NAMES);
/** A line of the attacker: an outcome with any of its fields changed or gone, or no JSON at all. */
const line = fc.oneof(
  fc
    .tuple(fc.array(fc.tuple(field, anyValue), { maxLength: 3 }), fc.array(field, { maxLength: 2 }))
    .map(([changes, gone]) => {
      const row = new Map<string, unknown>(Object.entries(example('x', { family: 'fam_attack' })));
      for (const [name, value] of changes) if (name !== 'family') row.set(name, value);
      for (const name of gone) row.delete(name);
      return JSON.stringify(Object.fromEntries(row));
    }),
  fc.constantFrom('{"half": ', 'null', '[]', '7', '"text"', '[[[['.repeat(500), '\ufffd\u0000'),
  fc
    .record({ fields: fc.dictionary(fc.constantFrom(...HOSTILE_NAMES), anyValue) })
    .map(({ fields }) =>
      JSON.stringify({ ...example('x', { family: 'fam_attack' }), item: { id: '1', fields } }),
    ),
);

describe('the data of one family', () => {
  it('never change a byte of another family, whatever they contain', async () => {
    const alone = await loop();
    const taskId = await stored(alone, honest, DAY);
    const before = await prepared(alone);
    let leftOut = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 25 }), async (lines) => {
        const at = await loop();
        await stored(at, honest, DAY, taskId);
        await at.work.put(objects.outcomes(newId(), DAY), lines.join('\n'), 'application/jsonl');
        const { manifest, lines: kept, unusable } = await prepared(at);
        expect(kept).toEqual(before.lines);
        expect(manifest.families['fam_honest']).toEqual(before.manifest.families['fam_honest']);
        expect(unusable!.of_outcomes).toBe(honest.length + lines.filter((each) => each !== '').length);
        leftOut += unusable!.outcomes;
      }),
      { numRuns: CASES },
    );
    expect(leftOut).toBeGreaterThan(0);
    console.info(`prepare: ${CASES} cases, ${leftOut} lines left out, 0 bytes of other families changed`);
  });

  it('are counted and reported with the reason if they are unusable', async () => {
    const at = await loop();
    const wrong = { family: 'fam_attack', kind: 'regression' as const };
    await stored(at, honest, DAY);
    await stored(
      at,
      [
        example('a', { ...wrong, expected: 1e308 }),
        example('b', { ...wrong, expected: '12' }),
        example('c', { ...wrong, expected: -1e308 }),
        example('d', { ...wrong, expected: 12 }),
        example('e', { family: 'fam_attack' }),
      ],
      DAY,
    );
    const { runId, unusable, manifest } = await prepared(at);
    expect(unusable).toEqual({
      outcomes: 4,
      of_outcomes: 65,
      families: 0,
      of_families: 2,
      entries: [
        { what: 'outcomes', family: 'fam_attack', count: 2, reason: 'the answer is beyond ±1e100' },
        { what: 'outcomes', family: 'fam_attack', count: 1, reason: 'the answer is no number' },
        {
          what: 'outcomes',
          family: 'fam_attack',
          count: 1,
          reason: 'an outcome of another kind than its family',
        },
      ],
    });
    expect(manifest.counts.left_out).toBe(4);
    expect(unusableShare(at.unusable.get(runId)!)).toBeCloseTo(4 / 65, 10);
  });

  it('skip a deleted file and unreadable lines of the reservoir', async () => {
    const at = await loop();
    await stored(
      at,
      Array.from({ length: 300 }, (_, i) => example(`mail ${i}`, { family: 'fam_honest' })),
      DAY,
    );
    const first = await prepared(at);
    await conclude(at, {
      run_id: first.runId,
      outcome: 'archived',
      code: 'gate_failed',
      reasons: ['no better'],
    });
    const listed = at.listFiles;
    at.listFiles = async function* (prefix) {
      yield* listed(prefix);
      if (prefix !== outcomesOfDay(DAY)) return;
      yield { key: objects.outcomes(newId(), DAY), size: 100 };
      yield { key: objects.outcomes(newId(), DAY), size: 5 << 20 };
    };
    const { unusable, manifest } = await prepared(at);
    expect(unusable?.entries).toEqual([
      { what: 'outcomes', family: null, count: 2, reason: 'the file of outcomes is gone' },
    ]);
    expect(manifest.counts.reservoir).toBe(first.manifest.counts.reservoir);
  });

  it('keep an older label if a newer duplicate was refused without a correction', async () => {
    const at = await loop();
    await stored(at, [example('duplicate', { expected: 'spam' })], '2026-02-01');
    await stored(
      at,
      [example('duplicate', { expected: undefined, label_source: 'refused', success: false })],
      '2026-02-02',
    );
    const { runId, manifest } = await prepared(at);
    expect(manifest.counts.train + manifest.counts.validation + manifest.counts.reservoir).toBe(2);
    expect((await at.runs.get(runId))?.data?.new_labels).toBe(1);
  });
});
