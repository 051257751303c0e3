import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelMetrics, ModelStatus, RunView, VersionView } from '../../../contracts/api/model-views.ts';
import { updateReputation } from '../../../lambdas/agents/update-reputation.ts';
import { listAuditLog } from '../../../lambdas/admin/read-audit-log.ts';
import { askForRun } from '../../../lambdas/learning/versions/ask-for-run.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { countOutcomes } from '../../../lambdas/learning/outcomes/count-outcomes.ts';
import { modelMetrics } from '../../../lambdas/learning/versions/model-metrics.ts';
import { modelStatus, nextAt } from '../../../lambdas/learning/versions/model-status.ts';
import { promoteByHand } from '../../../lambdas/learning/pipeline/promote.ts';
import { getRun, listRuns, listVersions } from '../../../lambdas/learning/versions/read-models.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { buyer, fund, madeModel } from '../support/marketplace.ts';
import { code, delivered } from '../support/task-flow.ts';
import { loop, shard } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { report } from '../support/run-steps.ts';

const admin = { ...buyer(), role: 'admin' as const };
const said = (passed: boolean) => ({ passed, reasons: ['a reason'], decided_at: '2026-03-01T12:00:00.000Z' });

let at: Loop & {
  endpointStatus: () => Promise<string>;
  nightlyAt: string;
  downloadUrl: (key: string, name: string) => Promise<string>;
};
beforeEach(async () => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  at = {
    ...(await loop()),
    endpointStatus: async () => 'InService',
    nightlyAt: '02:30',
    downloadUrl: async (key, name) => `https://example.com/${key}?${name}`,
  };
});
const answering = (version: string) =>
  at.dukeMM.next.push({ outcome: 'answered', response: { model_version: version, items: [] } });

describe('promotion by hand', () => {
  it('needs no reason if the gate passed; otherwise a reason is required and stored', async () => {
    await at.models.register(madeModel({ version: '2', gate: said(true) }));
    await at.models.register(madeModel({ version: '3', gate: said(false) }));
    answering('2');
    expect(await promoteByHand(at, admin.userId, '2', undefined)).toMatchObject({
      version: '2',
      previous: '1',
      revision: 2,
    });
    await expect(promoteByHand(at, admin.userId, '3', undefined)).rejects.toEqual(code('not_deployable'));
    answering('3');
    await promoteByHand(at, admin.userId, '3', 'the gate is too strict here');
    expect(await at.models.promotion(3)).toMatchObject({
      by: admin.userId,
      override_reason: 'the gate is too strict here',
    });
    const { items } = await listAuditLog(at, { limit: 20, action: 'model.promoted' });
    expect(items).toMatchObject([
      { actor_id: admin.userId, subject: '3', details: { override_reason: 'the gate is too strict here' } },
      { actor_id: admin.userId, subject: '2' },
    ]);
  });

  it('rolls back to any earlier version without a reason', async () => {
    await at.models.register(madeModel({ version: '2', gate: said(true) }));
    for (const version of ['2', '1', '2']) {
      answering(version);
      await promoteByHand(at, admin.userId, version, undefined);
    }
    expect(await at.models.routing()).toMatchObject({ production: '2', revision: 4 });
    expect(await at.models.version('2')).toMatchObject({ state: 'production' });
    expect(await at.models.version('1')).toMatchObject({ state: 'retired' });
    expect(await promoteByHand(at, admin.userId, '2', undefined)).toMatchObject({
      revision: 4,
      previous: '1',
    });
  });

  it('rejects unknown versions, and those without an artifact or that do not load', async () => {
    await expect(promoteByHand(at, admin.userId, '7', undefined)).rejects.toEqual(code('not_found'));
    await at.models.register({
      version: '2',
      state: 'failed',
      parent: '1',
      created_at: '2026-03-01T12:00:00.000Z',
      run_id: newId(),
      failure_reason: 'out of memory',
    });
    await expect(promoteByHand(at, admin.userId, '2', 'please')).rejects.toEqual(code('not_deployable'));
    await at.models.register(madeModel({ version: '3', gate: said(true) }));
    at.dukeMM.next.push({ outcome: 'refused', why: 'broken artifact' });
    await expect(promoteByHand(at, admin.userId, '3', undefined)).rejects.toEqual(code('not_deployable'));
    expect(await at.models.routing()).toMatchObject({ production: '1' });
  });

  it('does not wait for an endpoint that has not loaded the version yet', async () => {
    await at.models.register(madeModel({ version: '2', gate: said(true) }));
    at.dukeMM.next.push({ outcome: 'busy', why: 'warming', retryAfterSeconds: 2 });
    expect(await promoteByHand(at, admin.userId, '2', undefined)).toMatchObject({ version: '2' });
  });

  it('one of two concurrent promotions succeeds, and the other gets a conflict', async () => {
    await at.models.register(madeModel({ version: '2', gate: said(true) }));
    await at.models.register(madeModel({ version: '3', gate: said(true) }));
    at.dukeMM.invoke = async (_request: unknown, version?: string) => ({
      outcome: 'answered',
      response: { model_version: version ?? '', items: [] },
    });
    const both = await Promise.allSettled([
      promoteByHand(at, admin.userId, '2', undefined),
      promoteByHand(at, admin.userId, '3', undefined),
    ]);
    const refused = both.find((one) => one.status === 'rejected');
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refused).toMatchObject({ reason: { code: 'conflict' } });
    const states = await Promise.all(['1', '2', '3'].map(async (v) => (await at.models.version(v))?.state));
    expect(states.filter((state) => state === 'production')).toHaveLength(1);
  });
});

describe('the status of the model', () => {
  it('has the version in production, the current run, and the conditions of the next', async () => {
    await countOutcomes(at, [shard(42)]);
    const asked = await askForRun(at, admin, 'because', newId());
    expect(asked).toMatchObject({
      queued: false,
      run: { status: 'starting', trigger: { requested_by: admin.userId } },
    });
    expect(await askForRun(at, admin, undefined, newId())).toEqual({ queued: true });
    const { items } = await listAuditLog(at, { limit: 20, action: 'training.requested' });
    expect(items.map(({ details }) => details)).toEqual(
      expect.arrayContaining([{ queued: false, reason: 'because' }, { queued: true }]),
    );
    expect(items.map(({ actor_id }) => actor_id)).toEqual([admin.userId, admin.userId]);
    const status = ModelStatus.parse(await modelStatus(at, admin));
    expect(status).toMatchObject({
      production: { version: '1', state: 'production', promotable: 'yes' },
      run: { id: asked.run?.id, curves: [] },
      queued: true,
      triggers: {
        outcomes_total: 42,
        outcomes_since_training: 42,
        success_rate_last_100: null,
        next_scheduled_at: '2026-03-02T02:30:00.000Z',
      },
      endpoint: { status: 'InService' },
    });
  });

  it('shows who requested a run, and why, to administrators only', async () => {
    await askForRun(at, admin, 'a buyer complained', newId());
    const seen = ModelStatus.parse(await modelStatus(at, buyer()));
    expect(seen.run?.status).toBe('starting');
    expect(seen.run?.trigger).toEqual({ reason: 'admin', detail: '' });
    expect(JSON.stringify(seen)).not.toContain('complained');
    expect((await modelStatus(at, admin)).run?.trigger).toMatchObject({ requested_by: admin.userId });
  });

  it('works before the first version', async () => {
    at.table.items.clear();
    expect(ModelStatus.parse(await modelStatus(at, admin))).toMatchObject({
      production: null,
      run: null,
      queued: false,
    });
  });

  it.each([
    ['2026-03-01T02:29:59.999Z', '2026-03-01T02:30:00.000Z'],
    ['2026-03-01T02:30:00.000Z', '2026-03-02T02:30:00.000Z'],
    ['2026-02-28T23:00:00.000Z', '2026-03-01T02:30:00.000Z'],
  ])('at %s the next night is %s', (now, next) => {
    expect(nextAt('02:30', new Date(now))).toBe(next);
  });

  it('requests one run per Idempotency-Key', async () => {
    const id = newId();
    const first = await askForRun(at, admin, undefined, id);
    expect(await askForRun(at, admin, undefined, id)).toEqual(first);
    expect(at.executions.all.size).toBe(1);
  });
});

describe('lists', () => {
  it('page through versions and runs, newest first', async () => {
    for (let version = 2; version <= 25; version++)
      await at.models.register(madeModel({ version: String(version) }));
    const versions: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await listVersions(at, { limit: 7, cursor: cursor ?? undefined });
      versions.push(...page.items.map((item) => VersionView.parse(item).version));
      cursor = page.next_cursor;
    }
    expect(versions).toEqual(Array.from({ length: 25 }, (_, i) => String(25 - i)));

    const ids: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      const { run } = await askForRun(at, admin, undefined, newId());
      ids.unshift(run?.id);
      await conclude(at, { run_id: run!.id, outcome: 'failed', step: 'Train', error: 'E', cause: 'why' });
      at.passTime(1000);
    }
    const { items } = await listRuns(at, { limit: 20 });
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(RunView.parse(await getRun(at, ids[0]!))).toMatchObject({
      status: 'failed',
      failure: { cause: 'why' },
    });
    await expect(getRun(at, newId())).rejects.toEqual(code('not_found'));
  });
});

describe('the metrics of a version', () => {
  const [[family, evaluation] = []] = Object.entries(report.families);
  const owner = { ...buyer(evaluation?.buyer_id ?? newId()) };

  beforeEach(async () => {
    const keys = { report_key: 'learning/x/metrics.json', model_card_key: 'learning/x/MODEL_CARD.md' };
    await at.models.register(madeModel({ version: '2', gate: said(true), ...keys }));
    await at.work.put(keys.report_key, JSON.stringify(report), 'application/json');
  });

  it('are those of the evaluation, complete for admins', async () => {
    const metrics = ModelMetrics.parse(await modelMetrics(at, admin, '2'));
    expect(metrics).toMatchObject({ version: '2', compared_with: '1', accuracy: report.candidate.accuracy });
    expect(metrics.families.map((one) => one.family).sort()).toEqual(Object.keys(report.families).sort());
    expect(metrics.model_card_url).toContain('MODEL_CARD.md');
  });

  it('show a family to its buyer and to nobody else', async () => {
    const own = await modelMetrics(at, owner, '2');
    expect(own.families.every((one) => one.buyer_id === owner.userId)).toBe(true);
    expect(own.families.map((one) => one.family)).toContain(family);
    const others = await modelMetrics(at, buyer(), '2');
    expect(others.families).toEqual([]);
    expect(JSON.stringify(others)).not.toContain(String(evaluation?.classes[0]?.label ?? 'no label'));
  });

  it('are those of production by default, and empty if it was never evaluated', async () => {
    expect(await modelMetrics(at, admin, undefined)).toMatchObject({
      version: '1',
      candidate: null,
      families: [],
    });
    await expect(modelMetrics(at, admin, '77')).rejects.toEqual(code('not_found'));
  });

  it('count by day who did the work, each verdict once', async () => {
    const me = buyer();
    await fund(at, me, 10_000_000);
    const judged = [];
    for (let i = 0; i < 3; i++) {
      const { taskId, resultId } = await delivered(at, me);
      const corrections = i === 0 ? [{ item_id: 'item:1', expected: 'spam' }] : [];
      await giveFeedback(at, me.userId, resultId, { verdict: i === 0 ? 'reject' : 'accept', corrections });
      judged.push({ task_id: taskId, result_id: resultId });
    }
    await updateReputation(at, judged);
    await updateReputation(at, judged);
    const { takeover } = await modelMetrics(at, admin, '2');
    expect(takeover).toEqual([
      { day: '2026-03-01', judged: 3, duke_mm: 3, success_rate: 2.5 / 3, duke_mm_success_rate: 2.5 / 3 },
    ]);
  });
});
