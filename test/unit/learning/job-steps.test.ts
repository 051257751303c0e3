import { beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { poll } from '../../../lambdas/learning/pipeline/poll.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import type { Loop } from '../support/loop.ts';
import { runUntil, silentRun } from '../support/pipeline.ts';
import type { Until } from '../support/pipeline.ts';
import { epoch, settings } from '../support/run-steps.ts';

let at: Loop;
let run: string;
beforeEach(async () => {
  ({ at, run } = await silentRun());
});
const until = (...step: Until) => runUntil(at, run, ...step);

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

  it('report the unusable outcomes once training has ended', async () => {
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
