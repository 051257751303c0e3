import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListProcessingJobsCommand, StopProcessingJobCommand } from '@aws-sdk/client-sagemaker';
import { describe, expect, it, vi } from 'vitest';
import { containing, JobBed } from './job-bed.ts';

const bed = new JobBed();
const recordOf = (name: string) =>
  JSON.parse(readFileSync(join(bed.folder, 'jobs', 'processing', name, 'job.json'), 'utf8')) as {
    process?: { pid: number };
  };

describe('a processing job', () => {
  it('fetches its inputs, runs, and uploads its outputs', async () => {
    await bed.process('evaluate-1');
    const job = await bed.processed('evaluate-1', { ProcessingJobStatus: 'Completed' });
    expect(job).toMatchObject({
      ProcessingJobArn: 'arn:aws:sagemaker:eu-central-1:000000000000:processing-job/evaluate-1',
      ExitMessage: 'all is well',
      AppSpecification: { ImageUri: 'duke-mm' },
      ProcessingEndTime: expect.any(Date) as unknown,
    });
    expect(JSON.parse(bed.text('runs/1/evaluation/metrics.json'))).toEqual({
      inputs: [
        ...['data', 'data/manifest.json', 'data/train', 'data/train/0.jsonl', 'data/train/1.jsonl'],
        ...['one', 'one/manifest.json'],
      ],
      given: ['evaluate'],
    });
    expect(bed.text('runs/1/evaluation/deep/card.md')).toBe('# Card');
    const listed = await bed.client.send(new ListProcessingJobsCommand({ StatusEquals: 'Completed' }));
    expect(listed.ProcessingJobSummaries).toMatchObject([{ ProcessingJobName: 'evaluate-1' }]);
  });

  it('fails, stops and times out like a training job', async () => {
    const app = (...args: string[]) => ({
      AppSpecification: { ImageUri: 'duke-mm', ContainerArguments: args },
    });
    await bed.process('fails', app('fault=exit'));
    await bed.processed('fails', {
      ProcessingJobStatus: 'Failed',
      FailureReason: containing('exit code 7'),
    });
    const long = app('steps=1000000', 'ms=20');
    await bed.process('slow', { ...long, StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    await bed.processed('slow', { ProcessingJobStatus: 'Stopped' });
    await bed.process('stopped', long);
    await vi.waitFor(() => expect(recordOf('stopped').process).toBeDefined(), 120_000);
    await bed.client.send(new StopProcessingJobCommand({ ProcessingJobName: 'stopped' }));
    await bed.processed('stopped', { ProcessingJobStatus: 'Stopped' });
    expect([...bed.s3.objects.keys()].filter((key) => key.includes('evaluation'))).toEqual([]);
  });
});
