import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { ListTrainingJobsCommand, type CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { containing, failure, JobBed } from './job-bed.ts';

const bed = new JobBed();

describe('the API of jobs', () => {
  it('rejects a repeated name, and an unknown job, as AWS does', async () => {
    await bed.train('twice');
    expect(await failure(bed.train('twice'))).toMatchObject({
      name: 'ResourceInUse',
      $metadata: { httpStatusCode: 400 },
    });
    await bed.process('twice');
    expect(await failure(bed.process('twice'))).toMatchObject({
      name: 'ResourceInUse',
    });
    expect(await failure(bed.training('other'))).toMatchObject({
      name: 'ValidationException',
      message: 'Requested resource not found.',
    });
    expect(await failure(bed.processing('other'))).toMatchObject({
      name: 'ValidationException',
      message: 'Could not find requested job with name: other',
    });
    await bed.trained('twice', { TrainingJobStatus: 'Completed' });
    expect(bed.starts('twice')).toHaveLength(1);
  });

  it('lists in pages, in either order', async () => {
    for (const name of ['job-a', 'job-b', 'job-c', 'other']) await bed.train(name);
    const names = async (SortOrder: 'Ascending' | 'Descending'): Promise<string[]> => {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await bed.client.send(
          new ListTrainingJobsCommand({ NameContains: 'JOB', MaxResults: 2, SortOrder, NextToken }),
        );
        found.push(...(page.TrainingJobSummaries ?? []).map(({ TrainingJobName = '' }) => TrainingJobName));
        ({ NextToken } = page);
      } while (NextToken);
      return found;
    };
    expect(await names('Ascending')).toEqual(['job-a', 'job-b', 'job-c']);
    expect(await names('Descending')).toEqual(['job-c', 'job-b', 'job-a']);
    expect(await failure(bed.client.send(new ListTrainingJobsCommand({ NextToken: 'x' })))).toMatchObject({
      name: 'ValidationException',
    });
  });

  const source = (uri: string) => ({
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: uri } },
  });
  const channel = (ChannelName: string) => ({
    InputDataConfig: [{ ChannelName, ...source('s3://work/runs/1/data') }],
  });
  it.each<[string, string, Partial<CreateTrainingJobCommandInput>]>([
    ['a name that leaves the folder', '../../escape', {}],
    ['a name with a slash', 'a/b', {}],
    ['a channel that leaves the folder', 'job', channel('..')],
    ['a channel with a slash', 'job', channel('a/../../b')],
    [
      'two channels of one name',
      'job',
      { InputDataConfig: [...channel('a').InputDataConfig, ...channel('a').InputDataConfig] },
    ],
    ['a key that climbs', 'job', { OutputDataConfig: { S3OutputPath: 's3://work/../other' } }],
    ['a file of this machine', 'job', { OutputDataConfig: { S3OutputPath: 'file:///etc' } }],
    [
      'a checkpoint elsewhere',
      'job',
      { CheckpointConfig: { S3Uri: 's3://work/c', LocalPath: '/opt/ml/checkpoints/../../etc' } },
    ],
    [
      'a metric that is no expression',
      'job',
      {
        AlgorithmSpecification: {
          TrainingInputMode: 'File',
          TrainingImage: 'x',
          MetricDefinitions: [{ Name: 'x', Regex: '(' }],
        },
      },
    ],
    ['no end of time', 'job', { StoppingCondition: { MaxRuntimeInSeconds: 1e12 } }],
  ])('refuses %s', async (_, name, changes) => {
    expect(await failure(bed.train(name, {}, changes))).toMatchObject({ name: 'ValidationException' });
    expect((await bed.client.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries).toEqual([]);
  });

  it('rejects processing paths outside of the container, or nested ones', async () => {
    const at = (LocalPath: string) => ({
      ProcessingInputs: [
        { InputName: 'x', S3Input: { S3Uri: 's3://work/x', LocalPath, S3DataType: 'S3Prefix' as const } },
      ],
    });
    for (const path of [
      '/etc',
      '/opt/ml/processing/../../../etc',
      '/opt/ml/processing/output/in',
      'relative',
    ])
      expect(await failure(bed.process('job', at(path)))).toMatchObject({ name: 'ValidationException' });
  });

  it('fails a job whose data is missing, or would be written elsewhere', async () => {
    const job = (uri: string) => ({ InputDataConfig: [{ ChannelName: 'data', ...source(uri) }] });
    await bed.train('nothing', {}, job('s3://work/runs/2/'));
    await bed.trained('nothing', {
      TrainingJobStatus: 'Failed',
      FailureReason: 'ClientError: no S3 objects found under "s3://work/runs/2/".',
    });
    await bed.train('no-bucket', {}, job('s3://elsewhere/runs/'));
    await bed.trained('no-bucket', { FailureReason: containing('NoSuchBucket') });
    bed.s3.objects.set('work/evil/../../../../../escaped', Buffer.from('x'));
    await bed.train('evil', {}, job('s3://work/evil/'));
    await bed.trained('evil', { FailureReason: containing('outside of its channel') });
  });

  it('answers 400 to invalid JSON', async () => {
    const post = (body: string) =>
      fetch(bed.url, {
        method: 'POST',
        body,
        headers: { 'x-amz-target': 'SageMaker.CreateTrainingJob' },
      });
    const broken = await post('{"TrainingJobName":');
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ __type: 'SerializationException' });
    for (const body of ['[]', '"x"', '{"__proto__":{"x":1}}', 'null'])
      expect(await (await post(body)).json()).toMatchObject({ __type: 'ValidationException' });
  });

  it('rejects requests with another Host header (DNS rebinding)', async () => {
    const { port } = new URL(bed.url);
    const asked = request({ port, method: 'POST', headers: { host: `evil.example:${port}` } });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.end('{}');
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(403);
  });
});
