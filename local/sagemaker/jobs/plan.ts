import { posix } from 'node:path';
import type { CreateProcessingJob, CreateTrainingJob } from './request.ts';
import type { Job } from './job.ts';

/** A folder of the job, relative to `/opt/ml`, and its S3 location. */
export interface Place {
  readonly folder: string;
  readonly uri: string;
}

/** What a job does, independent of its kind. */
export interface Plan {
  readonly entrypoint: readonly string[] | undefined;
  readonly arguments: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Downloaded before the start. */
  readonly inputs: readonly Place[];
  /** Downloaded before the start and uploaded while it runs. */
  readonly checkpoint: Place | undefined;
  /** Emptied before the process starts. */
  readonly empty: readonly string[];
  /** JSON files for the container, by their path under `/opt/ml`. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly maxRuntimeMs: number;
  /** File to which the process may write why it failed. */
  readonly message: string;
  readonly metrics: readonly { readonly Name: string; readonly Regex: string }[];
  /** Uploaded file by file after a completed job. */
  readonly uploads: readonly Place[];
  /** Uploaded as one tar.gz if it is not empty, also after a stopped job. */
  readonly archives: readonly Place[];
}

export const planOf = (job: Job): Plan =>
  job.kind === 'training' ? trainingPlan(job.request) : processingPlan(job.request);

const HOST = { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'lo' };

/** Destination of a training job's artifact. */
export const artifactUri = (request: CreateTrainingJob): string => outputUri(request, 'model.tar.gz');

const outputUri = ({ OutputDataConfig, TrainingJobName }: CreateTrainingJob, file: string): string =>
  `${OutputDataConfig.S3OutputPath.replace(/\/$/, '')}/${TrainingJobName}/output/${file}`;

function trainingPlan(request: CreateTrainingJob): Plan {
  const { AlgorithmSpecification: algorithm, CheckpointConfig: checkpoint } = request;
  const channels = request.InputDataConfig ?? [];
  return {
    entrypoint: algorithm.ContainerEntrypoint,
    arguments: algorithm.ContainerArguments ?? (algorithm.ContainerEntrypoint ? undefined : ['train']),
    environment: { ...request.Environment, TRAINING_JOB_NAME: request.TrainingJobName },
    inputs: channels.map((it) => ({
      folder: posix.join('input/data', it.ChannelName),
      uri: it.DataSource.S3DataSource.S3Uri,
    })),
    checkpoint: checkpoint && { folder: underMl(checkpoint.LocalPath), uri: checkpoint.S3Uri },
    empty: ['model', 'output', 'output/data'],
    files: {
      'input/config/hyperparameters.json': request.HyperParameters ?? {},
      'input/config/inputdataconfig.json': Object.fromEntries(
        channels.map((it) => [
          it.ChannelName,
          {
            ...(it.ContentType === undefined ? {} : { ContentType: it.ContentType }),
            TrainingInputMode: 'File',
            S3DistributionType: 'FullyReplicated',
            RecordWrapperType: 'None',
          },
        ]),
      ),
      'input/config/resourceconfig.json': HOST,
    },
    maxRuntimeMs: request.StoppingCondition.MaxRuntimeInSeconds * 1000,
    message: 'output/failure',
    metrics: algorithm.MetricDefinitions ?? [],
    uploads: [],
    archives: [
      { folder: 'model', uri: artifactUri(request) },
      { folder: 'output/data', uri: outputUri(request, 'output.tar.gz') },
    ],
  };
}

function processingPlan(request: CreateProcessingJob): Plan {
  const { ContainerEntrypoint: entrypoint, ContainerArguments } = request.AppSpecification;
  const outputs = (request.ProcessingOutputConfig?.Outputs ?? []).map(({ S3Output }) => ({
    folder: underMl(S3Output.LocalPath),
    uri: S3Output.S3Uri,
  }));
  return {
    entrypoint,
    arguments: ContainerArguments,
    environment: request.Environment ?? {},
    inputs: (request.ProcessingInputs ?? []).map(({ S3Input }) => ({
      folder: underMl(S3Input.LocalPath),
      uri: S3Input.S3Uri,
    })),
    checkpoint: undefined,
    empty: ['output', ...outputs.map(({ folder }) => folder)],
    files: {
      'config/processingjobconfig.json': request,
      'config/resourceconfig.json': HOST,
    },
    maxRuntimeMs: request.StoppingCondition.MaxRuntimeInSeconds * 1000,
    message: 'output/message',
    metrics: [],
    uploads: outputs,
    archives: [],
  };
}

const underMl = (path: string): string => posix.relative('/opt/ml', path);
