import { beforeEach, describe, expect, it, vi } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { canary } from '../../../lambdas/learning/pipeline/canary.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { promoteByHand, promoteCandidate } from '../../../lambdas/learning/pipeline/promote.ts';
import { concludeWatch } from '../../../lambdas/learning/shadow/conclude-watch.ts';
import { handleShadowEvent } from '../../../lambdas/learning/shadow/handle-shadow-event.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { HOUR } from '../../../lambdas/shared/clock.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import type { DukeMMClient } from '../../../lambdas/shared/duke-mm-client.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { loop, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { buyer, fund, madeModel } from '../support/marketplace.ts';
import { eventOf, judge, judgedInShadow, tenMails, trialOf, versionsAnswer } from '../support/shadow.ts';
import { code, sweepAll } from '../support/task-flow.ts';

const GATE = { passed: true, reasons: ['better'], decided_at: '2026-03-01T12:00:00.000Z' };
const ADMIN = newId();
let at: Loop;
let me: Caller;
let run: string;

beforeEach(async () => {
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(logger, level).mockImplementation(() => undefined);
  at = await loop();
  me = buyer();
  await fund(at, me, 100_000_000);
  run = (await requestRun(at, trigger())).runId;
  await at.models.allocate(run);
  await at.models.register(madeModel({ version: '2', parent: '1', gate: GATE }));
});

/** Judged tasks of ten items, in each of which the versions are wrong on these. */
async function judgedTasks(wrong: Readonly<Record<string, readonly number[]>>, tasks: number): Promise<void> {
  versionsAnswer(at, wrong);
  for (let task = 0; task < tasks; task++) {
    const served = (await at.models.routing())!.production;
    await judgedInShadow(at, me, wrong[served] ?? []);
  }
}

describe('the canary', () => {
  it('promotes a candidate that gains items against production', async () => {
    expect(await canary(at, run)).toEqual({ decision: 'wait' });
    await judgedTasks({ 1: [3] }, 12);
    expect(await trialOf(at, 'canary')).toMatchObject({ wins: 12, losses: 0, ties: 108, tasks: 12 });
    for (let i = 0; i < 2; i++) expect(await canary(at, run)).toEqual({ decision: 'promote' });
    expect(await trialOf(at, 'canary')).toMatchObject({ status: 'ended' });
    expect(await at.runs.get(run)).toMatchObject({ canary: { wins: 12, comparison: 'better' } });
  });

  it('archives a candidate that loses items against production, with the figures', async () => {
    await canary(at, run);
    await judgedTasks({ 2: [3] }, 12);
    for (let i = 0; i < 2; i++) {
      expect(await canary(at, run)).toMatchObject({
        decision: 'archive',
        reasons: [expect.stringContaining('only version 2 was right on 0 and only version 1 on 12')],
      });
    }
    const reasons = ['worse'];
    await conclude(at, { run_id: run, outcome: 'archived', code: 'canary_failed', reasons });
    expect(await at.models.version('2')).toMatchObject({ state: 'archived' });
    expect((await at.locks.state()).failed_gates).toBe(1);
  });

  it('waits while undecided, then leaves the decision to the gate', async () => {
    await canary(at, run);
    await judgedTasks({ 1: [3], 2: [4] }, 3);
    expect(await canary(at, run)).toEqual({ decision: 'wait' });
    at.passTime(HOUR);
    expect(await canary(at, run)).toEqual({ decision: 'promote' });
    expect(await at.runs.get(run)).toMatchObject({ canary: { wins: 3, losses: 3, comparison: 'undecided' } });
  });

  it('ends after its number of judged items', async () => {
    const few = { ...at, canary: { ...at.canary, maxItems: 20 } };
    await canary(few, run);
    await judgedTasks({}, 1);
    expect(await canary(few, run)).toEqual({ decision: 'wait' });
    await judgedTasks({}, 1);
    expect(await canary(few, run)).toEqual({ decision: 'promote' });
  });

  it('leaves a changed production version to the next step', async () => {
    await at.models.register(madeModel({ version: '3', gate: GATE }));
    versionsAnswer(at, {});
    await promoteByHand(at, ADMIN, '3', undefined);
    expect(await canary(at, run)).toEqual({ decision: 'promote' });
    expect(await promoteCandidate(at, run)).toMatchObject({ promoted: false });
  });
});

describe('a shadow answer', () => {
  beforeEach(async () => {
    await canary(at, run);
    versionsAnswer(at, { 2: [3] });
  });

  it('answers the same request, is stored beside the result, and is hidden from buyers', async () => {
    const requests: unknown[] = [];
    const answer: DukeMMClient['invoke'] = at.dukeMM.invoke.bind(at.dukeMM);
    at.dukeMM.invoke = async (request, version = '1') => {
      requests.push({ request, version });
      return answer(request, version);
    };
    const task = await tenMails(at, me);
    await handleShadowEvent(at, eventOf('result.created', task), false);
    const [served, shadow] = requests as { request: object; version: string }[];
    expect(requests).toHaveLength(2);
    expect([served?.version, shadow?.version]).toEqual(['1', '2']);
    expect(shadow?.request).toEqual(served?.request);
    const stored = JSON.parse(await at.work.text(objects.shadowAnswers(task.taskId, '2'))) as object;
    expect(stored).toMatchObject({ version: '2', items: { length: 10 } });
    const result = await at.results.get(task.resultId);
    expect(JSON.stringify(result)).not.toContain('shadow');
  });

  it('is requested once, however often the event is delivered', async () => {
    const task = await tenMails(at, me);
    const invoked = vi.spyOn(at.dukeMM, 'invoke');
    for (let i = 0; i < 3; i++) await handleShadowEvent(at, eventOf('result.created', task), false);
    expect(invoked).toHaveBeenCalledTimes(1);
  });

  it('is counted once, whether the verdict or the answer comes first', async () => {
    const task = await tenMails(at, me);
    await judge(at, me, task, []);
    await handleShadowEvent(at, eventOf('result.judged', task), false);
    expect(await trialOf(at, 'canary')).toMatchObject({ tasks: 0 });
    await handleShadowEvent(at, eventOf('result.created', task), false);
    expect(await trialOf(at, 'canary')).toMatchObject({ tasks: 1 });
    for (let i = 0; i < 2; i++) {
      await handleShadowEvent(at, eventOf('result.created', task), false);
      await handleShadowEvent(at, eventOf('result.judged', task), false);
    }
    expect(await trialOf(at, 'canary')).toMatchObject({ wins: 0, losses: 1, ties: 9, tasks: 1 });
  });

  it('is not counted for automatic acceptance', async () => {
    const task = await tenMails(at, me);
    await handleShadowEvent(at, eventOf('result.created', task), false);
    at.passTime(25 * HOUR);
    await sweepAll(at);
    expect(await at.results.get(task.resultId)).toMatchObject({ verdict: 'auto_accepted' });
    await handleShadowEvent(at, eventOf('result.judged', task), false);
    expect(await trialOf(at, 'canary')).toMatchObject({ tasks: 0 });
  });

  it('is not requested for a task that opted out of training, nor outside the sample', async () => {
    const invoked = vi.spyOn(at.dukeMM, 'invoke');
    const without = await tenMails(at, me, { allow_training: false });
    const task = await tenMails(at, me);
    const before = invoked.mock.calls.length;
    await handleShadowEvent(at, eventOf('result.created', without), false);
    await handleShadowEvent({ ...at, share: 0 }, eventOf('result.created', task), false);
    expect(invoked).toHaveBeenCalledTimes(before);
  });

  it('is sampled from the first chunk of a large table', async () => {
    const items = Array.from({ length: 120 }, (_, i) => ({ id: `row-${i}`, fields: { text: `row ${i}` } }));
    const task = await tenMails(at, me, { items });
    await handleShadowEvent(at, eventOf('result.created', task), false);
    const { items: asked } = JSON.parse(await at.work.text(objects.shadowAnswers(task.taskId, '2'))) as {
      items: { id: string }[];
    };
    expect(asked.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, i) => `row-${2 * i}`));
  });

  it('of a busy endpoint is retried, and given up at the last attempt', async () => {
    const task = await tenMails(at, me);
    at.dukeMM.invoke = async () => ({ outcome: 'busy', why: 'full', retryAfterSeconds: 1 });
    await expect(handleShadowEvent(at, eventOf('result.created', task), false)).rejects.toThrow('busy');
    await handleShadowEvent(at, eventOf('result.created', task), true);
    expect(await at.work.size(objects.shadowAnswers(task.taskId, '2'))).toBeUndefined();
  });

  it('that only the shadow version refuses counts as wrong on every item', async () => {
    const task = await tenMails(at, me);
    const answer: DukeMMClient['invoke'] = at.dukeMM.invoke.bind(at.dukeMM);
    at.dukeMM.invoke = async (request, version = '1') =>
      version === '2' ? { outcome: 'refused', why: 'unknown labels' } : answer(request, version);
    await handleShadowEvent(at, eventOf('result.created', task), false);
    await judge(at, me, task, []);
    await handleShadowEvent(at, eventOf('result.judged', task), false);
    expect(await trialOf(at, 'canary')).toMatchObject({ losses: 10, ties: 0 });
  });

  it('that both versions refuse is not counted, because a file is gone', async () => {
    const task = await tenMails(at, me);
    at.dukeMM.invoke = async () => ({ outcome: 'refused', why: 'a file is gone' });
    await handleShadowEvent(at, eventOf('result.created', task), false);
    expect(await at.work.size(objects.shadowAnswers(task.taskId, '2'))).toBeUndefined();
  });

  it('is not counted if the recalled items of the task were replaced', async () => {
    const task = await tenMails(at, me);
    const stored = (await at.tasks.get(task.taskId))!;
    const recalled = { uri: 's3://work/recalled/gone.jsonl', sha256: 'a'.repeat(64), count: 3 };
    const tasks = { ...at.tasks, get: async () => ({ ...stored, recalled }) as typeof stored };
    await handleShadowEvent({ ...at, tasks }, eventOf('result.created', task), false);
    expect(await at.work.size(objects.shadowAnswers(task.taskId, '2'))).toBeUndefined();
  });
});

describe('the watch', () => {
  beforeEach(async () => {
    versionsAnswer(at, {});
    await promoteByHand(at, ADMIN, '2', undefined);
  });

  it('rolls back a version that is worse than its predecessor', async () => {
    await judgedTasks({ 2: [3] }, 12);
    expect(await at.models.routing()).toMatchObject({ production: '1', revision: 3 });
    const reason = expect.stringContaining('only version 2 was right on 0 and only version 1 on') as string;
    expect(await at.models.promotion(3)).toMatchObject({ version: '1', previous: '2', by: 'watch', reason });
    expect(await at.models.version('2')).toMatchObject({ state: 'retired', rollback_reason: reason });
    expect(await trialOf(at, 'watch')).toMatchObject({ status: 'ended', wins: 0 });
    expect(at.rollbacks).toHaveLength(1);
    await concludeWatch(at);
    expect(at.rollbacks).toHaveLength(1);
    // The version that was put back is not watched by the worse one.
    await judgedTasks({ 2: [3] }, 1);
    expect(await at.models.routing()).toMatchObject({ production: '1', revision: 3 });
  });

  it('ends in the same write that rolls back', async () => {
    const watch = await trialOf(at, 'watch');
    if (watch.status !== 'running') throw new Error('the watch has ended');
    await at.trials.count(watch, { id: newId(), buyer_id: newId() }, { wins: 0, losses: 30, ties: 0 });
    await concludeWatch(at);
    expect(await at.models.routing()).toMatchObject({ production: '1' });
    expect(await trialOf(at, 'watch')).toMatchObject({ status: 'ended', losses: 30 });
  });

  it('requires a reason to promote a version that was rolled back', async () => {
    await judgedTasks({ 2: [3] }, 12);
    await expect(promoteByHand(at, ADMIN, '2', undefined)).rejects.toEqual(code('not_deployable'));
    expect(await promoteByHand(at, ADMIN, '2', 'the data was wrong')).toMatchObject({ version: '2' });
    expect(await at.models.version('2')).not.toHaveProperty('rollback_reason');
  });

  it.each([
    ['a better version', { 1: [3] }],
    ['a version without judged items', {}],
  ])('ends after %s and leaves the version in production', async (name, wrong) => {
    await judgedTasks(wrong, name === 'a better version' ? 12 : 0);
    at.passTime(3 * HOUR);
    await concludeWatch(at);
    expect(await trialOf(at, 'watch')).toMatchObject({ status: 'ended' });
    expect(await at.models.routing()).toMatchObject({ production: '2' });
  });

  it('does not roll back on verdicts of one buyer if several are required', async () => {
    await at.models.register(madeModel({ version: '3', parent: '2', gate: GATE }));
    const several = { ...at, watch: { ...at.watch, soleBuyerDecides: false } };
    await promoteByHand(several, ADMIN, '3', undefined);
    await judgedTasks({ 3: [3, 4, 5] }, 8);
    expect(await trialOf(at, 'watch')).toMatchObject({ losses: 24, max_buyer_losses: 24, status: 'running' });
    expect(await at.models.routing()).toMatchObject({ production: '3' });
    me = buyer();
    await fund(at, me, 100_000_000);
    await judgedTasks({ 3: [3, 4, 5] }, 8);
    expect(await at.models.routing()).toMatchObject({ production: '2' });
    expect(await trialOf(at, 'watch')).toMatchObject({ max_buyer_losses: 24, status: 'ended' });
  });

  it('does nothing if an administrator was faster', async () => {
    await judgedTasks({ 2: [3] }, 4);
    await promoteByHand(at, ADMIN, '1', undefined);
    const watch = await trialOf(at, 'watch');
    if (watch.status !== 'running') throw new Error('the watch has ended');
    await at.trials.count(watch, { id: newId(), buyer_id: newId() }, { wins: 0, losses: 30, ties: 0 });
    await concludeWatch(at);
    expect(await at.models.routing()).toMatchObject({ production: '1', revision: 3 });
    expect(at.rollbacks).toEqual([]);
    expect(await trialOf(at, 'watch')).toMatchObject({ status: 'ended' });
  });

  it('starts after a promotion by a run too, but not after a rollback', async () => {
    await promoteByHand(at, ADMIN, '1', undefined);
    expect(await trialOf(at, 'watch')).toMatchObject({ candidate: '2', baseline: '1' });
    await at.models.register(madeModel({ version: '3', parent: '1', gate: GATE }));
    const runs = { ...at.runs, get: async () => ({ ...(await at.runs.get(run))!, version: '3' }) };
    expect(await promoteCandidate({ ...at, runs }, run)).toEqual({ promoted: true });
    expect(await trialOf(at, 'watch')).toMatchObject({ candidate: '3', baseline: '1', status: 'running' });
  });
});
