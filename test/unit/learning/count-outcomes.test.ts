import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withVerdicts } from '../../../lambdas/agents/update-reputation.ts';
import { countOutcomes } from '../../../lambdas/learning/outcomes/count-outcomes.ts';
import { DUKE_MM, DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { causes, loop, shard } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

/** Cuts a list into batches of the sizes given, over and over. */
function batches<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const cut: T[][] = [];
  for (let at = 0, i = 0; at < list.length; at += cut.at(-1)!.length, i++) {
    cut.push(list.slice(at, at + sizes[i % sizes.length]!));
  }
  return cut;
}

const HUNDREDS = Array.from({ length: 10 }, (_, i) => `outcomes-${(i + 1) * 100}`);

describe('the count of outcomes', () => {
  it('causes exactly ten triggers for 1,000 outcomes, 20 % delivered twice, shuffled, in random batches', async () => {
    const shards = Array.from({ length: 1000 }, () => shard(1));
    const deliveries = [...shards, ...shards.slice(0, 200)];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(deliveries, { minLength: deliveries.length }),
        fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (shuffled, sizes, workers) => {
          const at = await loop();
          const cut = batches(shuffled, sizes);
          await Promise.all(
            Array.from({ length: workers }, async (_, worker) => {
              for (const [i, batch] of cut.entries()) {
                if (i % workers === worker) await countOutcomes(at, batch);
              }
            }),
          );
          expect((await at.training.progress())?.outcomes_total).toBe(1000);
          expect(causes(at, 'outcomes').sort()).toEqual([...HUNDREDS].sort());
        },
      ),
      { numRuns: 15 },
    );
  });

  it('causes one trigger per hundred that a large task passes, and none when it is repeated', async () => {
    const at = await loop();
    const large = shard(2500);
    await countOutcomes(at, [large, shard(99)]);
    await countOutcomes(at, [large]);
    expect(causes(at, 'outcomes')).toHaveLength(25);
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'outcomes')).toHaveLength(26);
  });

  it('writes a full batch of the largest tasks within the transaction limits of DynamoDB', async () => {
    const at = await loop();
    await countOutcomes(
      at,
      Array.from({ length: 10 }, () => shard(2500)),
    );
    expect(causes(at, 'outcomes')).toHaveLength(250);
  });
});

/** Verdicts of many buyers on Duke MM's work, ten at a time as the queue brings them; or of one buyer. */
async function judged(at: Loop, share: number, tasks = 100, buyer?: string): Promise<void> {
  for (let left = tasks; left > 0; left -= 10) {
    const batch = Array.from({ length: Math.min(10, left) }, () => ({
      task_id: newId(),
      family: 'f',
      buyer_id: buyer ?? newId(),
      judged_at: at.clock().toISOString(),
      share,
    }));
    const duke = { agent_id: DUKE_MM_ID, agent_name: DUKE_MM } as const;
    await at.agents.countVerdicts(
      withVerdicts(duke, await at.agents.stats(DUKE_MM_ID), batch, at.clock()),
      batch,
    );
  }
}
const HOURS = 3_600_000;

describe('a drop of the success rate', () => {
  it('is a trigger below 85 % of a full window, but not at 85 %', async () => {
    const at = await loop();
    await judged(at, 0.5, 99);
    await countOutcomes(at, [shard(1)]);
    await judged(at, 0.85);
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'success_rate')).toEqual([]);
    await judged(at, 0.849);
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'success_rate')).toEqual(['success_rate-3']);
  });

  it('cannot be caused by one buyer, who counts for at most ten of the last hundred', async () => {
    const at = await loop();
    await judged(at, 0.95);
    at.passTime(60_000);
    await judged(at, 0, 500, newId());
    await countOutcomes(at, [shard(1)]);
    const stats = (await at.agents.stats('duke-mm'))!;
    expect(stats.recent.filter(({ share }) => share === 0)).toHaveLength(10);
    expect(stats.recent).toHaveLength(100);
    // 90 × 0.95 = 0.855, above the floor of 0.85.
    expect(causes(at, 'success_rate')).toEqual([]);
    expect(stats.judged_total).toBe(600);
  });

  it('is not a second trigger before 50 new outcomes and 6 hours', async () => {
    const at = await loop();
    await judged(at, 0.5);
    await countOutcomes(at, [shard(1)]);
    at.passTime(7 * HOURS);
    await countOutcomes(at, [shard(49)]);
    expect(causes(at, 'success_rate')).toHaveLength(1);
    at.setTime('2026-03-01T17:59:59.000Z');
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'success_rate')).toHaveLength(1);
    at.setTime('2026-03-01T18:00:00.000Z');
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'success_rate')).toHaveLength(2);
  });

  it('waits twice as long for each successive failed gate', async () => {
    const at = await loop();
    await judged(at, 0.5);
    await countOutcomes(at, [shard(1)]);
    const lock = {
      run_id: newId(),
      acquired_at: at.clock().toISOString(),
      expires_at: at.clock().toISOString(),
    };
    const cause = { key: 'admin-1', reason: 'admin', detail: 'x', created_at: lock.acquired_at } as const;
    await at.locks.fire(cause);
    await at.locks.begin(lock, {
      id: lock.run_id,
      status: 'starting',
      trigger: cause,
      parent: '1',
      curves: [],
      created_at: lock.acquired_at,
      updated_at: lock.acquired_at,
    });
    await at.locks.saveState(lock.run_id, { ...(await at.locks.state()), failed_gates: 1 });
    at.passTime(11 * HOURS);
    await countOutcomes(at, [shard(100)]);
    expect(causes(at, 'success_rate')).toHaveLength(1);
    at.passTime(HOURS);
    await countOutcomes(at, [shard(1)]);
    expect(causes(at, 'success_rate')).toHaveLength(2);
  });
});
