import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { reconcile } from '../../../lambdas/learning/pipeline/reconcile.ts';
import { newRun, requestRun, LOCK_MS } from '../../../lambdas/learning/triggers/request-run.ts';
import { startTriggered } from '../../../lambdas/learning/triggers/start-triggered.ts';
import { keys } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { trainingLockStore } from '../../../lambdas/shared/stores/training-lock-store.ts';
import { loop, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

beforeEach(() => {
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
});

const failed = (run_id: string) =>
  ({ run_id, outcome: 'failed', step: 'Train', error: 'JobFailed', cause: 'out of memory' }) as const;

async function running(at: Loop): Promise<string> {
  const requested = await requestRun(at, trigger());
  if (requested.outcome !== 'started') throw new Error('not started');
  return requested.runId;
}

describe('one run at a time', () => {
  it('starts one run for two concurrent triggers and stores the other trigger', async () => {
    const at = await loop();
    const both = await Promise.all([requestRun(at, trigger()), requestRun(at, trigger())]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['remembered', 'started']);
    expect(at.executions.all.size).toBe(1);
    expect((await at.locks.lock())?.pending).toBeDefined();
  });

  it('starts one more run, however many triggers fire meanwhile', async () => {
    const at = await loop();
    const first = await running(at);
    for (let i = 0; i < 5; i++) await requestRun(at, trigger());
    await conclude(at, failed(first));
    const second = (await at.locks.lock())?.run_id ?? '';
    expect(second).not.toBe(first);
    expect([...at.executions.all.keys()]).toEqual([first, second]);
    await conclude(at, failed(second));
    expect(await at.locks.lock()).toBeUndefined();
    expect(at.executions.all.size).toBe(2);
  });

  it('starts one run for one trigger, however often it is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), async (at1, at2) => {
        const at = await loop();
        const cause = trigger({ key: 'outcomes-100', reason: 'outcomes' });
        await Promise.all(Array.from({ length: at1 }, () => requestRun(at, cause)));
        const { run_id } = (await at.locks.lock())!;
        await conclude(at, failed(run_id));
        await Promise.all(Array.from({ length: at2 }, () => startTriggered(at, cause.key)));
        expect([...at.executions.all.keys()]).toEqual([run_id]);
        expect(await at.locks.lock()).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  it('does not start for outcomes that the previous run has learned from', async () => {
    const at = await loop();
    const run = await running(at);
    await requestRun(at, trigger({ key: 'outcomes-300', reason: 'outcomes' }));
    await at.runs.update(run, { status: 'preparing', updated_at: at.clock().toISOString(), data: data(300) });
    await conclude(at, { run_id: run, outcome: 'archived', code: 'gate_failed', reasons: ['no better'] });
    expect(await at.locks.lock()).toBeUndefined();
    expect(await at.locks.state()).toMatchObject({ outcomes_at_training: 300, failed_gates: 1 });
  });

  it('starts again for outcomes that arrived later', async () => {
    const at = await loop();
    const run = await running(at);
    await requestRun(at, trigger({ key: 'outcomes-400', reason: 'outcomes' }));
    await at.runs.update(run, { status: 'preparing', updated_at: at.clock().toISOString(), data: data(399) });
    await conclude(at, { run_id: run, outcome: 'promoted' });
    expect(at.executions.all.size).toBe(2);
  });
});

const data = (outcomes_total: number) => ({
  manifest_key: 'learning/x/data/manifest.json',
  window: { from: '2026-01-01T00:00:00.000Z', to: '2026-03-01T12:00:00.000Z' },
  train: 1,
  validation: 1,
  reservoir: 0,
  replay: 0,
  left_out: 0,
  new_labels: 2,
  families: 1,
  outcomes_total,
});

describe('the end of a run', () => {
  it('records why, stops its jobs, and frees the lock', async () => {
    const at = await loop();
    const run = await running(at);
    await conclude(at, failed(run));
    expect(await at.runs.get(run)).toMatchObject({
      status: 'failed',
      failure: { step: 'Train', error: 'JobFailed', cause: 'out of memory' },
    });
    expect(at.jobs.stopped).toEqual([run]);
    expect(await at.locks.lock()).toBeUndefined();
  });

  it('frees the lock of a run while another trigger is being stored', async () => {
    const at = await loop();
    const run = await running(at);
    let remembered = false;
    const release: typeof at.locks.release = async (...args) => {
      if (!remembered) {
        remembered = true;
        await requestRun(at, trigger());
      }
      return at.locks.release(...args);
    };
    await conclude({ ...at, locks: { ...at.locks, release } }, failed(run));
    const next = (await at.locks.lock())?.run_id;
    expect([...at.executions.all.keys()]).toEqual([run, next]);
  });

  it('numbers versions without a gap for concurrent runs', async () => {
    const at = await loop();
    const ids = Array.from({ length: 4 }, () => newId());
    for (const id of ids) {
      const { lock, run } = await newRun(at, id, trigger());
      await at.locks.fire(run.trigger);
      await at.locks.begin(lock, run);
      await at.table.write({ delete: keys.trainingLock() });
    }
    const numbers = await Promise.all(ids.map((id) => at.models.allocate(id)));
    expect(numbers.sort()).toEqual(['2', '3', '4', '5']);
  });

  it('uses up the number of a version that was never built, and archives one that was', async () => {
    const at = await loop();
    const first = await running(at);
    expect(await at.models.allocate(first)).toBe('2');
    expect(await at.models.allocate(first)).toBe('2');
    await conclude(at, failed(first));
    expect(await at.models.version('2')).toMatchObject({ state: 'failed', run_id: first });
    const second = await running(at);
    expect(await at.models.allocate(second)).toBe('3');
    expect(await at.models.allocate(first)).toBe('2');
  });

  it('takes effect once; later calls change nothing', async () => {
    const at = await loop();
    const run = await running(at);
    await conclude(at, { run_id: run, outcome: 'archived', code: 'gate_failed', reasons: ['no better'] });
    const before = await at.runs.get(run);
    await conclude(at, { run_id: run, outcome: 'archived', code: 'gate_failed', reasons: ['again'] });
    await conclude(at, failed(run));
    expect(await at.runs.get(run)).toEqual(before);
    expect((await at.locks.state()).failed_gates).toBe(1);
  });

  it('does not free the lock of another run', async () => {
    const at = await loop();
    const first = await running(at);
    await conclude(at, failed(first));
    const second = await running(at);
    await conclude(at, failed(first));
    expect((await at.locks.lock())?.run_id).toBe(second);
  });
});

describe('the reconciler', () => {
  it.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED'] as const)(
    'ends a run whose execution ended as %s and left the lock',
    async (status) => {
      for (const was of ['starting', 'preparing', 'training', 'evaluating', 'deciding'] as const) {
        const at = await loop();
        const run = await running(at);
        await at.runs.update(run, { status: was, updated_at: at.clock().toISOString() });
        at.executions.all.set(run, status);
        expect(await reconcile(at)).toBe('released');
        expect(await at.locks.lock()).toBeUndefined();
        expect(await at.runs.get(run)).toMatchObject({ status: 'failed', failure: { error: status } });
        expect(at.jobs.stopped).toEqual([run]);
      }
    },
  );

  it('leaves an active run, and starts one whose start was lost', async () => {
    const at = await loop();
    const run = await running(at);
    expect(await reconcile(at)).toBe('running');
    at.executions.all.clear();
    expect(await reconcile(at)).toBe('starting');
    at.passTime(61_000);
    expect(await reconcile(at)).toBe('started again');
    expect(at.executions.all.get(run)).toBe('RUNNING');
  });

  it('stops an execution that outlives its lock', async () => {
    const at = await loop();
    const run = await running(at);
    at.passTime(LOCK_MS + 1);
    expect(await reconcile(at)).toBe('released');
    expect(at.executions.stopped).toEqual([run]);
  });

  it('does nothing if no run is active', async () => {
    expect(await reconcile(await loop())).toBe('free');
  });
});

describe('a crash before, or a lost answer after, any call', () => {
  class Crash extends Error {}

  /** A cause, a second one meanwhile, the end of both runs; each step is done again after a crash, as its caller would. */
  async function life(at: Loop, again: (step: () => Promise<unknown>) => Promise<void>): Promise<void> {
    const first = trigger({ key: 'outcomes-100', reason: 'outcomes' });
    const second = trigger({ key: 'admin-2' });
    await again(() => requestRun(at, first));
    await again(() => requestRun(at, second));
    const seen = trainingLockStore(at.table);
    for (let lock = await seen.lock(); lock; lock = await seen.lock()) {
      const { run_id } = lock;
      await again(() => conclude(at, failed(run_id)));
    }
  }

  it.each(['before', 'after'] as const)('%s: two runs, each ended once, the lock free', async (when) => {
    const lived = async (crashAt: number) => {
      let calls = 0;
      let armed = false;
      const at = await loop(
        undefined,
        (target) =>
          new Proxy(target, {
            get(object, name): unknown {
              const value: unknown = Reflect.get(object, name);
              if (typeof value !== 'function') return value;
              return async (...args: unknown[]): Promise<unknown> => {
                const hit = armed && ++calls === crashAt;
                if (hit && when === 'before') throw new Crash();
                const answer: unknown = await value.apply(object, args);
                if (hit) throw new Crash();
                return answer;
              };
            },
          }),
      );
      armed = true;
      await life(at, async (step) => {
        try {
          await step();
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          await step();
        }
      });
      armed = false;
      const runs = [...at.table.items.values()].filter((item) => item['entity'] === 'run');
      return { calls, runs, started: at.executions.all.size, lock: await at.locks.lock() };
    };
    const undisturbed = await lived(0);
    expect(undisturbed.calls).toBeGreaterThan(20);
    for (let crashAt = 0; crashAt <= undisturbed.calls; crashAt++) {
      const { runs, started, lock } = await lived(crashAt);
      expect({ crashAt, runs: runs.map((run) => run['status']), started, lock }).toEqual({
        crashAt,
        runs: ['failed', 'failed'],
        started: 2,
        lock: undefined,
      });
    }
  });
});
