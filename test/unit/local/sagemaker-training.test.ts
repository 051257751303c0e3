import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { StopTrainingJobCommand, waitUntilTrainingJobCompletedOrStopped } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { birthOf } from '../../../local/sagemaker/jobs/process-group.ts';
import { containing, entriesOf, failure, JobBed, matching } from './job-bed.ts';

const bed = new JobBed();

describe('a training job', () => {
  it('fetches its channels, runs, and writes an artifact, metrics and its log', async () => {
    const log = join(bed.folder, 'logs', 'jobs', 'training-first.log');
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, 'of a job of this name, before everything was reset\n');
    const { TrainingJobArn } = await bed.train('first', { steps: '3', report: 'fine' });
    expect(TrainingJobArn).toBe('arn:aws:sagemaker:eu-central-1:000000000000:training-job/first');
    await waitUntilTrainingJobCompletedOrStopped(
      { client: bed.client, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      { TrainingJobName: 'first' },
    );
    const job = await bed.training('first');
    expect(job).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://work/runs/1/out/first/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'val_loss', Value: 1 / 3 }],
      HyperParameters: { steps: '3', report: 'fine' },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
    });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      'Pending',
      'Downloading',
      'Training',
      'Uploading',
      'Completed',
    ]);
    for (const time of [job.CreationTime, job.TrainingStartTime, job.TrainingEndTime, job.LastModifiedTime])
      expect(time).toBeInstanceOf(Date);
    expect(job.TrainingEndTime?.getTime()).toBeGreaterThan(job.CreationTime?.getTime() ?? Infinity);

    const model = await entriesOf(
      bed.s3.objects.get('work/runs/1/out/first/output/model.tar.gz') ?? Buffer.of(),
    );
    expect(Object.keys(model)).toEqual(['config.json', 'memory/empty']);
    expect(JSON.parse(model['config.json'] ?? '')).toEqual({
      step: 3,
      channels: ['data', 'data/manifest.json', 'data/train', 'data/train/0.jsonl', 'data/train/1.jsonl'],
      given: ['train'],
      job: 'first',
      nice: Math.max(10, getPriority()),
    });
    const output = bed.s3.objects.get('work/runs/1/out/first/output/output.tar.gz') ?? Buffer.of();
    expect(await entriesOf(output)).toEqual({ 'report.txt': 'fine' });
    expect(bed.text('checkpoints/first/step')).toBe('3');
    expect(bed.s3.objects.has('work/checkpoints/first/.next')).toBe(false);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(bed.said).toEqual([`Training job first runs. Its log: ${log}`, 'Training job first: Completed']);
    const left = readdirSync(join(bed.folder, 'jobs', 'training', 'first'), { recursive: true });
    expect(left.filter((path) => /data\/|model\.|checkpoints|tar/.test(String(path)))).toEqual([]);
  });

  it('fails with the message of its container, or with its exit status', async () => {
    await bed.train('reason', { fault: 'reason' });
    const { FailureReason = '' } = await bed.trained('reason', {
      TrainingJobStatus: 'Failed',
      SecondaryStatus: 'Failed',
    });
    expect(FailureReason).toMatch(/^AlgorithmError: too few outcomes x+$/);
    expect(FailureReason).toHaveLength(1024);
    await bed.train('exit', { fault: 'exit' });
    await bed.trained('exit', { FailureReason: matching(/^AlgorithmError: exit code 7, see /) });
    await bed.train('killed', { fault: 'killed' });
    await bed.trained('killed', {
      FailureReason: matching(/^AlgorithmError: killed by signal SIGKILL, see /),
    });
    await bed.train('none', {}, { Environment: { PROGRAM: '/nowhere' } });
    await bed.trained('none', { FailureReason: containing('could not be started') });
  });

  it('ends with its child processes when it is stopped, and keeps its checkpoint', async () => {
    await bed.train('long', { steps: '1000', ms: '20', deaf: 'yes', helper: 'yes' });
    await bed.underWay('long');
    const [{ pid = 0, child = 0 } = {}] = bed.starts('long');
    expect(birthOf(child)).toBeDefined();
    await bed.client.send(new StopTrainingJobCommand({ TrainingJobName: 'long' }));
    expect(await bed.training('long')).toMatchObject({ TrainingJobStatus: 'Stopping' });
    const job = await bed.trained('long', { TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    expect([birthOf(pid), birthOf(child)]).toEqual([undefined, undefined]);
    expect(job.FailureReason).toBeUndefined();
    expect(job.ModelArtifacts).toBeUndefined();
    expect(
      await failure(bed.client.send(new StopTrainingJobCommand({ TrainingJobName: 'long' }))),
    ).toMatchObject({
      name: 'ValidationException',
    });
  });

  it('resumes from the checkpoint of an earlier job', async () => {
    const checkpoint = { CheckpointConfig: { S3Uri: 's3://work/checkpoints/shared' } };
    await bed.train('before', { steps: '1000', ms: '20' }, checkpoint);
    await bed.underWay('shared');
    await bed.client.send(new StopTrainingJobCommand({ TrainingJobName: 'before' }));
    await bed.trained('before', { TrainingJobStatus: 'Stopped' });
    const reached = Number(bed.text('checkpoints/shared/step'));
    await bed.train('after', { steps: String(reached + 2) }, checkpoint);
    await bed.trained('after', { TrainingJobStatus: 'Completed' });
    expect(bed.starts('shared').map(({ step }) => step)).toEqual([0, reached]);
  });

  it('is stopped at its maximum runtime', async () => {
    await bed.train('slow', { steps: '1000', ms: '20' }, { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    await bed.trained('slow', { TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    const { TrainingStartTime, TrainingEndTime } = await bed.training('slow');
    const took = (TrainingEndTime?.getTime() ?? 0) - (TrainingStartTime?.getTime() ?? 0);
    expect(took).toBeGreaterThanOrEqual(1000);
  });

  it('waits while another job runs', async () => {
    await bed.train('running', { steps: '1000000', ms: '20' });
    await bed.trained('running', { SecondaryStatus: 'Training' });
    await bed.train('waiting');
    await bed.train('unwanted');
    await bed.process('also-waiting');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await bed.training('waiting')).toMatchObject({
      TrainingJobStatus: 'InProgress',
      SecondaryStatus: 'Pending',
    });
    await bed.client.send(new StopTrainingJobCommand({ TrainingJobName: 'unwanted' }));
    expect(await bed.training('unwanted')).toMatchObject({ TrainingJobStatus: 'Stopped' });
    await bed.client.send(new StopTrainingJobCommand({ TrainingJobName: 'running' }));
    await bed.trained('waiting', { TrainingJobStatus: 'Completed' });
    await bed.processed('also-waiting', { ProcessingJobStatus: 'Completed' });
    expect(bed.said.filter((line) => line.includes('unwanted'))).toEqual([]);
  });
});
