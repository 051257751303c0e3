import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  type CreateProcessingJobCommandInput,
  type CreateTrainingJobCommandInput,
} from '@aws-sdk/client-sagemaker';
import { list, type ReadEntry } from 'tar';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { JobsOptions } from '../../../local/sagemaker/jobs/jobs.ts';
import type { LocalSageMaker } from '../../../local/sagemaker/server.ts';
import { startFakeS3, type FakeS3 } from './fake-s3.ts';
import { jobSageMaker } from './job-sagemaker.ts';

export const JSONL = ['data/manifest.json', 'data/train/0.jsonl', 'data/train/1.jsonl'];

export const trainingJob = (
  name: string,
  hyperparameters: Record<string, string> = {},
  changes: Partial<CreateTrainingJobCommandInput> = {},
): CreateTrainingJobCommandInput => ({
  TrainingJobName: name,
  RoleArn: 'arn:aws:iam::000000000000:role/duke-mm-training',
  AlgorithmSpecification: {
    TrainingImage: 'duke-mm',
    TrainingInputMode: 'File',
    MetricDefinitions: [{ Name: 'val_loss', Regex: '"val_loss":([0-9.]+)' }],
  },
  HyperParameters: hyperparameters,
  InputDataConfig: [
    {
      ChannelName: 'data',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://work/runs/1/data' } },
    },
  ],
  OutputDataConfig: { S3OutputPath: 's3://work/runs/1/out/' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
  CheckpointConfig: { S3Uri: `s3://work/checkpoints/${name}` },
  ...changes,
});
export const processingJob = (
  name: string,
  changes: Partial<CreateProcessingJobCommandInput> = {},
): CreateProcessingJobCommandInput => ({
  ProcessingJobName: name,
  RoleArn: 'arn:aws:iam::000000000000:role/duke-mm-evaluation',
  AppSpecification: { ImageUri: 'duke-mm', ContainerArguments: ['evaluate'] },
  ProcessingInputs: [
    {
      InputName: 'data',
      S3Input: {
        S3Uri: 's3://work/runs/1/data/',
        LocalPath: '/opt/ml/processing/input/data',
        S3DataType: 'S3Prefix',
        S3InputMode: 'File',
      },
    },
    {
      InputName: 'manifest',
      S3Input: {
        S3Uri: 's3://work/runs/1/data/manifest.json',
        LocalPath: '/opt/ml/processing/input/one',
        S3DataType: 'S3Prefix',
      },
    },
  ],
  ProcessingOutputConfig: {
    Outputs: [
      {
        OutputName: 'metrics',
        S3Output: {
          S3Uri: 's3://work/runs/1/evaluation',
          LocalPath: '/opt/ml/processing/output/',
          S3UploadMode: 'EndOfJob',
        },
      },
    ],
  },
  ProcessingResources: {
    ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
  },
  ...changes,
});

/** A local SageMaker with an S3 that holds the data of a run, new for every test, and what tests ask of it. */
export class JobBed {
  folder = '';
  url = '';
  /** What was reported. */
  readonly said: string[] = [];
  #s3: FakeS3 | undefined;
  #sagemaker: LocalSageMaker | undefined;
  #client: SageMakerClient | undefined;

  constructor() {
    vi.setConfig({ testTimeout: 30_000 });
    beforeEach(async () => {
      this.folder = mkdtempSync(join(tmpdir(), 'sagemaker-jobs-'));
      this.said.length = 0;
      this.#s3 = await startFakeS3();
      for (const key of [...JSONL, 'data-of-others/x'])
        this.#s3.objects.set(`work/runs/1/${key}`, Buffer.from(key));
      await this.start();
    });
    afterEach(async () => {
      await this.stop();
      await this.#s3?.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  get s3(): FakeS3 {
    return this.#s3 ?? expect.fail('not in a test');
  }
  get client(): SageMakerClient {
    return this.#client ?? expect.fail('not in a test');
  }

  async start(options: Partial<JobsOptions> = {}): Promise<void> {
    this.#sagemaker = await jobSageMaker(this.folder, this.s3.url, {
      report: (line) => this.said.push(line),
      ...options,
    });
    this.connect(this.#sagemaker.url);
  }
  async stop(): Promise<void> {
    await this.#sagemaker?.close();
    this.#sagemaker = undefined;
  }
  connect(url: string): void {
    this.url = url;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#client = new SageMakerClient({
      endpoint: url,
      region: 'eu-central-1',
      credentials,
      maxAttempts: 1,
    });
  }

  train(...job: Parameters<typeof trainingJob>) {
    return this.client.send(new CreateTrainingJobCommand(trainingJob(...job)));
  }
  process(...job: Parameters<typeof processingJob>) {
    return this.client.send(new CreateProcessingJobCommand(processingJob(...job)));
  }
  training(TrainingJobName: string) {
    return this.client.send(new DescribeTrainingJobCommand({ TrainingJobName }));
  }
  processing(ProcessingJobName: string) {
    return this.client.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
  }
  trained(name: string, like: object) {
    return until(() => this.training(name), like);
  }
  processed(name: string, like: object) {
    return until(() => this.processing(name), like);
  }

  text(key: string): string {
    return this.s3.objects.get(`work/${key}`)?.toString() ?? expect.fail(`no ${key}`);
  }
  /** One entry for each time the job's process began, with the step it began at. */
  starts(name: string): { pid: number; step: number; child?: number }[] {
    return this.text(`checkpoints/${name}/starts.jsonl`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { pid: number; step: number; child?: number });
  }
  /** Resolves once S3 has a checkpoint of the third step or a later one. */
  async underWay(checkpoint: string): Promise<void> {
    await vi.waitFor(() => {
      expect(Number(this.text(`checkpoints/${checkpoint}/step`))).toBeGreaterThan(2);
    }, 120_000);
  }
}

async function until<T>(look: () => Promise<T>, like: object): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await look();
      expect(found).toMatchObject(like);
      return found;
    },
    { timeout: 120_000, interval: 20 },
  );
}

export const containing = (part: string): unknown => expect.stringContaining(part);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const failure = async (promise: Promise<unknown>): Promise<Record<string, unknown>> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as Record<string, unknown>,
  );

/** Contents of a tar.gz, by path, in its order. */
export const entriesOf = async (archive: Buffer): Promise<Record<string, string>> => {
  const entries: Record<string, string> = {};
  const reader = list({
    onReadEntry: (entry: ReadEntry) => {
      entries[entry.path] = '';
      entry.on('data', (part: Buffer) => (entries[entry.path] += part.toString()));
    },
  });
  const ended = once(reader, 'end');
  reader.end(archive);
  await ended;
  return entries;
};
