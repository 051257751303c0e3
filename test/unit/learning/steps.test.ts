import { beforeEach, describe, expect, it } from 'vitest';
import { unusableShare } from '../../../contracts/learning/unusable.ts';
import { jobName, objects } from '../../../contracts/naming.ts';
import { begin } from '../../../lambdas/learning/pipeline/begin.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { gate } from '../../../lambdas/learning/pipeline/gate.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { promoteCandidate } from '../../../lambdas/learning/pipeline/promote.ts';
import { register } from '../../../lambdas/learning/pipeline/register.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { train } from '../../../lambdas/learning/pipeline/train.ts';
import { warm } from '../../../lambdas/learning/pipeline/warm.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { sha256 } from '../../../lambdas/shared/ids.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { madeModel } from '../support/marketplace.ts';
import { runUntil, silentRun, withCopy } from '../support/pipeline.ts';
import type { Until } from '../support/pipeline.ts';
import { report, settings } from '../support/run-steps.ts';

let at: Loop;
let run: string;
beforeEach(async () => {
  ({ at, run } = await silentRun());
});
const until = (...step: Until) => runUntil(at, run, ...step);

describe('the steps from outcomes to a better version', () => {
  it('update the records of the run and the version', async () => {
    await until('gated');
    at.dukeMM.next.push({ outcome: 'busy', why: 'warming', retryAfterSeconds: 1 });
    expect(await warm(at, run)).toEqual({ ready: false });
    at.dukeMM.next.push({ outcome: 'answered', response: { model_version: '2', items: [] } });
    expect(await warm(at, run)).toEqual({ ready: true });
    for (let i = 0; i < 2; i++) expect(await promoteCandidate(at, run)).toEqual({ promoted: true });
    for (let i = 0; i < 2; i++) await conclude(at, { run_id: run, outcome: 'promoted' });

    expect(await at.models.routing()).toMatchObject({ production: '2', revision: 2 });
    expect(await at.models.version('1')).toMatchObject({ state: 'retired' });
    expect(await at.models.version('2')).toMatchObject({
      state: 'production',
      parent: '1',
      artifact_uri: 's3://work/registry/duke-mm/2/model.tar.gz',
      sha256: sha256('the new model'),
      size_bytes: 13,
      lineage: { run_id: run, manifest_key: objects.manifest(run) },
      metrics: { compared_with: '1', candidate: { accuracy: report.candidate.accuracy } },
      gate: { passed: true, reasons: report.gate.reasons },
      report_key: objects.report(run),
      model_card_key: objects.modelCard(run),
    });
    expect(await at.models.promotion(2)).toMatchObject({
      version: '2',
      previous: '1',
      by: 'pipeline',
      run_id: run,
    });
    expect(await at.runs.get(run)).toMatchObject({
      status: 'promoted',
      version: '2',
      curves: [{ epoch: 1 }, { epoch: 2 }],
    });
    expect(await at.locks.lock()).toBeUndefined();
    expect(await at.locks.state()).toMatchObject({
      failed_gates: 0,
      reservoir_manifest: objects.manifest(run),
    });
  });

  it('archive a candidate that is not better, with the reasons', async () => {
    await until('gated', { decision: 'archive' });
    await conclude(at, {
      run_id: run,
      outcome: 'archived',
      code: 'gate_failed',
      reasons: report.gate.reasons,
    });
    expect(await at.models.version('2')).toMatchObject({ state: 'archived', gate: { passed: false } });
    expect(await at.models.routing()).toMatchObject({ production: '1' });
    expect((await at.locks.state()).failed_gates).toBe(1);
    await expect(promoteCandidate(at, run)).rejects.toThrow('has ended as archived');
  });

  it('train the first version without data, skip its comparison, and promote it', async () => {
    for (const key of [...at.table.items.keys()]) if (key.startsWith('MODEL#')) at.table.items.delete(key);
    at.work.objects.clear();
    await conclude(at, { run_id: run, outcome: 'failed', step: 'x', error: 'x', cause: 'x' });
    run = (await requestRun(at, trigger({ key: 'bootstrap-1', reason: 'bootstrap' }))).runId;
    await begin(at, run);
    expect(await prepare(at, await activeRun(at.runs, run))).toEqual({ enough: true });
    await train({ ...at, settings: { ...settings, preset: 'tiny', spot: false } }, run);
    const [job] = at.jobs.created;
    expect(job?.request).toMatchObject({
      HyperParameters: { version: '1' },
      InputDataConfig: [{ ChannelName: 'data' }],
    });
    const made = objects.trained(run, jobName('dev', run));
    await at.work.put(made, 'the first model', 'application/gzip');
    await at.work.put(objects.trainingLog(run), jsonLines([{ event: 'end', kinds: ['regression'] }]), 'x');
    at.jobs.state = { status: 'completed', artifact: `s3://work/${made}` };
    const said = { ...report, run, version: '1', compared_with: null };
    await at.work.put(
      objects.report(run),
      JSON.stringify({ ...said, gate: { ...report.gate, decision: 'promote' } }),
      'x',
    );
    await register(withCopy(at), run);
    expect(await gate(at, run)).toMatchObject({ passed: true });
    expect(await promoteCandidate(at, run)).toEqual({ promoted: true });
    expect(await at.models.routing()).toMatchObject({ production: '1', revision: 1, kinds: ['regression'] });
  });
});

describe('held-back families', () => {
  const recomposed = { content: 'the new model with one family of the old one' };

  it('register and promote the evaluated artifact', async () => {
    await until('gated', { recomposed });
    expect(await promoteCandidate(at, run)).toEqual({ promoted: true });
    expect(await at.models.version('2')).toMatchObject({
      state: 'production',
      sha256: sha256(recomposed.content),
      size_bytes: recomposed.content.length,
    });
    expect(at.work.objects.get(objects.artifact('2'))?.toString()).toBe(recomposed.content);
  });

  it('are listed in the record of the run, and count as unusable', async () => {
    await until('gated', { recomposed });
    const found = (await at.runs.get(run))?.unusable;
    expect(found?.evaluate?.entries).toMatchObject([{ what: 'held_back', family: 'fam_houses', kept: '1' }]);
    expect(unusableShare(at.unusable.get(run)!)).toBe(0.5);
  });

  it('an artifact whose hash differs from the evaluated one is not registered', async () => {
    await expect(
      until('registered', { recomposed: { ...recomposed, sha256: '0'.repeat(64) } }),
    ).rejects.toThrow('version 2 was evaluated as 0000');
    expect(await at.models.version('2')).toBeUndefined();
  });
});

describe('invalid states', () => {
  it('an execution without the lock does nothing', async () => {
    await expect(begin(at, '0190f3c2-7d1e-7b4a-9c55-0d6f1a2b3c4d')).rejects.toThrow('does not hold the lock');
  });

  it('the report of another candidate is rejected', async () => {
    await until('registered');
    await at.work.put(
      objects.report(run),
      JSON.stringify({ ...report, run, version: '3', compared_with: '1' }),
      'x',
    );
    await expect(gate(at, run)).rejects.toThrow('version 3 against 1');
  });

  it('a version that was promoted meanwhile stays in production', async () => {
    await until('gated');
    await at.models.register(madeModel({ version: '9' }));
    await at.models.promote(
      { revision: 2, version: '9', previous: '1', by: 'deployment', at: at.clock().toISOString() },
      ['classification'],
    );
    expect(await promoteCandidate(at, run)).toMatchObject({
      promoted: false,
      reason: expect.stringContaining('Version 9') as string,
    });
    expect(await at.models.routing()).toMatchObject({ production: '9' });
  });

  it('a version is ready once every instance has answered with it', async () => {
    await until('gated');
    at.instanceCount = async () => 2;
    const answered = (instance?: string) => ({
      outcome: 'answered' as const,
      response: { model_version: '2', items: [] },
      ...(instance !== undefined && { instance }),
    });
    at.dukeMM.next.push(...Array.from({ length: 16 }, () => answered('a')));
    expect(await warm(at, run)).toEqual({ ready: false });
    at.dukeMM.next.push(answered('a'), answered('a'), answered('b'));
    expect(await warm(at, run)).toEqual({ ready: true });
    at.dukeMM.next.push(answered('a'), { outcome: 'busy', why: 'loading', retryAfterSeconds: 1 });
    expect(await warm(at, run)).toEqual({ ready: false });
    // A container of an earlier release does not say which instance it is.
    at.dukeMM.next.push(answered());
    expect(await warm(at, run)).toEqual({ ready: true });
    expect(at.dukeMM.next).toEqual([]);
  });

  it('a version is not ready if the requests have missed an instance', async () => {
    await until('gated');
    at.instanceCount = async () => 2;
    const response = { model_version: '2', items: [] };
    for (let i = 0; i < 3; i++) at.dukeMM.next.push({ outcome: 'answered', response, instance: 'a' });
    let calls = 0;
    const clock = () => new Date(4_000 * calls++);
    expect(await warm({ ...at, clock }, run)).toEqual({ ready: false });
    expect(at.dukeMM.next).toHaveLength(1);
  });

  it('a version waits for an endpoint that is not deployed', async () => {
    await until('gated');
    at.instanceCount = async () => 0;
    expect(await warm(at, run)).toEqual({ ready: false });
  });

  it('an artifact that the endpoint rejects is never promoted', async () => {
    await until('gated');
    at.dukeMM.next.push({ outcome: 'refused', why: 'the sha256 of model.safetensors is wrong' });
    await expect(warm(at, run)).rejects.toThrow('sha256 of model.safetensors');
  });
});
