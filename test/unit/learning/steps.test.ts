import { beforeEach, describe, expect, it, vi } from 'vitest';
import { unusableShare } from '../../../contracts/learning/unusable.ts';
import { jobName, objects } from '../../../contracts/naming.ts';
import { begin } from '../../../lambdas/learning/pipeline/begin.ts';
import { conclude } from '../../../lambdas/learning/pipeline/conclude.ts';
import { gate } from '../../../lambdas/learning/pipeline/gate.ts';
import { poll } from '../../../lambdas/learning/pipeline/poll.ts';
import { prepare } from '../../../lambdas/learning/pipeline/prepare.ts';
import { promoteCandidate } from '../../../lambdas/learning/pipeline/promote.ts';
import { register } from '../../../lambdas/learning/pipeline/register.ts';
import { requestRun } from '../../../lambdas/learning/triggers/request-run.ts';
import { activeRun } from '../../../lambdas/learning/pipeline/run-of.ts';
import { evaluate, train } from '../../../lambdas/learning/pipeline/train.ts';
import { warm } from '../../../lambdas/learning/pipeline/warm.ts';
import { sha256 } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { example, loop, stored, trigger } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { madeModel } from '../support/marketplace.ts';
import { epoch, heldBackReport, report, settings } from '../support/run-steps.ts';

let at: Loop;
let run: string;
beforeEach(async () => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  at = await loop();
  await stored(
    at,
    Array.from({ length: 100 }, (_, i) => example(`mail ${i}`)),
    '2026-03-01',
  );
  run = (await requestRun(at, trigger())).runId;
});

const copy = async (from: string, to: string): Promise<void> => {
  at.work.objects.set(to, at.work.objects.get(from)!);
};

interface Evaluated {
  readonly decision?: 'promote' | 'archive';
  /** What the evaluation composed of the candidate, where it holds families back, and the hash that it says. */
  readonly recomposed?: { readonly content: string; readonly sha256?: string };
}

/** Each step as the state machine calls it, one after another; every one twice, as it may. */
async function until(
  last: 'trained' | 'evaluated' | 'registered' | 'gated',
  { decision = 'promote', recomposed }: Evaluated = {},
) {
  for (let i = 0; i < 2; i++) await begin(at, run);
  for (let i = 0; i < 2; i++) await prepare(at, await activeRun(at.runs, run));
  for (let i = 0; i < 2; i++)
    await train({ ...at, settings: { ...settings, preset: 'tiny', spot: true } }, run);
  if (last === 'trained') return;
  const made = objects.trained(run, jobName('dev', run));
  await at.work.put(made, 'the new model', 'application/gzip');
  await at.work.put(objects.trainingLog(run), jsonLines([epoch(1), epoch(2)]), 'application/jsonl');
  at.jobs.state = { status: 'completed', artifact: `s3://work/${made}` };
  await poll(at, { run_id: run, job: 'training' });
  for (let i = 0; i < 2; i++) await evaluate({ ...at, settings }, run);
  const said = {
    ...(recomposed ? heldBackReport : report),
    ...(recomposed && {
      recomposed: {
        sha256: recomposed.sha256 ?? sha256(recomposed.content),
        size_bytes: recomposed.content.length,
      },
    }),
    ...{ run, version: '2', compared_with: '1', gate: { ...report.gate, decision } },
  };
  await at.work.put(objects.report(run), JSON.stringify(said), 'application/json');
  await at.work.put(objects.modelCard(run), '# 2', 'text/markdown');
  if (recomposed) await at.work.put(objects.recomposed(run), recomposed.content, 'application/gzip');
  if (last === 'evaluated') return;
  for (let i = 0; i < 2; i++) await register({ ...at, copy }, run);
  if (last === 'registered') return;
  for (let i = 0; i < 2; i++) await gate(at, run);
}

describe('from outcomes to a better version', () => {
  it('every step updates the records of the run and the version', async () => {
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

  it('a candidate that is not better stays in the registry, archived, with the reasons', async () => {
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

  it('the first version is trained on nothing, compared with nothing, and promoted', async () => {
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
    await register({ ...at, copy }, run);
    expect(await gate(at, run)).toMatchObject({ passed: true });
    expect(await promoteCandidate(at, run)).toEqual({ promoted: true });
    expect(await at.models.routing()).toMatchObject({ production: '1', revision: 1, kinds: ['regression'] });
  });
});

describe('families that are held back', () => {
  const recomposed = { content: 'the new model with one family of the old one' };

  it('put into the registry, and into production, what was evaluated', async () => {
    await until('gated', { recomposed });
    expect(await promoteCandidate(at, run)).toEqual({ promoted: true });
    expect(await at.models.version('2')).toMatchObject({
      state: 'production',
      sha256: sha256(recomposed.content),
      size_bytes: recomposed.content.length,
    });
    expect(at.work.objects.get(objects.artifact('2'))?.toString()).toBe(recomposed.content);
  });

  it('are named in the record of the run, and count as unusable', async () => {
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

describe('jobs', () => {
  it('have the same name when requested again, with the data, the parent and the settings of the stage', async () => {
    await until('trained');
    const [first, again] = at.jobs.created;
    expect(again).toEqual(first);
    expect(first?.request).toMatchObject({
      TrainingJobName: `dukenet-dev-${run}`,
      HyperParameters: { version: '2', preset: 'tiny' },
      InputDataConfig: [
        { ChannelName: 'data', DataSource: { S3DataSource: { S3Uri: `s3://work/learning/${run}/data/` } } },
        { ChannelName: 'parent', DataSource: { S3DataSource: { S3Uri: 's3://work/registry/duke-mm/1/' } } },
      ],
      OutputDataConfig: { S3OutputPath: `s3://work/learning/${run}/trained`, KmsKeyId: settings.kmsKeyArn },
      CheckpointConfig: { S3Uri: `s3://work/learning/${run}/checkpoints` },
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 3600 + 12 * 3600 },
    });
  });

  it('of evaluation get candidate and production from the registry, never the trainer’s own output', async () => {
    await until('gated');
    const { request } = at.jobs.created.at(-1)!;
    expect(request).toMatchObject({
      ProcessingJobName: `dukenet-dev-${run}`,
      AppSpecification: {
        ContainerArguments: ['evaluate', '--curves', '/opt/ml/processing/input/curves/metrics.jsonl'],
      },
      ProcessingInputs: [
        { InputName: 'data', S3Input: { LocalPath: '/opt/ml/processing/input/data' } },
        {
          InputName: 'candidate',
          S3Input: { S3Uri: `s3://work/learning/${run}/trained/dukenet-dev-${run}/output/` },
        },
        { InputName: 'production', S3Input: { S3Uri: 's3://work/registry/duke-mm/1/' } },
        { InputName: 'curves', S3Input: { S3Uri: `s3://work/${objects.trainingLog(run)}` } },
      ],
    });
  });

  it('match the trainer’s lines by the regular expressions of their metrics', async () => {
    await until('trained');
    const { AlgorithmSpecification } = at.jobs.created[0]!.request as {
      AlgorithmSpecification: { MetricDefinitions: { Name: string; Regex: string }[] };
    };
    const line = JSON.stringify(epoch(4));
    const found = AlgorithmSpecification.MetricDefinitions.map(({ Name, Regex }) => [
      Name,
      new RegExp(Regex).exec(line)?.[1],
    ]);
    expect(found).toEqual([
      ['train:loss', '0.25'],
      ['val:loss', '0.25'],
      ['accuracy', '0.5'],
      ['f1', '0.5'],
    ]);
  });

  it('report what the training could not use, once it has ended', async () => {
    await until('trained');
    const unusable = { outcomes: 3, of_outcomes: 90, families: 0, of_families: 2, entries: [] };
    const told = [epoch(1), { event: 'unusable', report: unusable }];
    await at.work.put(objects.trainingLog(run), jsonLines(told), 'application/jsonl');
    await poll(at, { run_id: run, job: 'training' });
    expect((await at.runs.get(run))?.unusable).toMatchObject({ train: unusable });
  });

  it('that fail end with their own message', async () => {
    await until('trained');
    at.jobs.state = { status: 'failed', cause: 'out of memory' };
    expect(await poll(at, { run_id: run, job: 'training' })).toEqual({
      status: 'failed',
      cause: 'out of memory',
    });
  });
});

describe('invalid states', () => {
  it('an execution without the lock does nothing', async () => {
    await expect(begin(at, '0190f3c2-7d1e-7b4a-9c55-0d6f1a2b3c4d')).rejects.toThrow('does not hold the lock');
  });

  it('a report of another candidate decides nothing', async () => {
    await until('registered');
    await at.work.put(
      objects.report(run),
      JSON.stringify({ ...report, run, version: '3', compared_with: '1' }),
      'x',
    );
    await expect(gate(at, run)).rejects.toThrow('version 3 against 1');
  });

  it('a version that came into production meanwhile keeps its place', async () => {
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

  it('a version serves when every instance has answered with it', async () => {
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

  it('a version waits for an endpoint that is not deployed', async () => {
    await until('gated');
    at.instanceCount = async () => 0;
    expect(await warm(at, run)).toEqual({ ready: false });
  });

  it('an artifact that the endpoint refuses is never promoted', async () => {
    await until('gated');
    at.dukeMM.next.push({ outcome: 'refused', why: 'the sha256 of model.safetensors is wrong' });
    await expect(warm(at, run)).rejects.toThrow('sha256 of model.safetensors');
  });
});
