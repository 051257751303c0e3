import type {
  CreateProcessingJobCommandInput,
  CreateTrainingJobCommandInput,
} from '@aws-sdk/client-sagemaker';
import { folders, jobName, objects, s3Uri } from '../../../contracts/naming.ts';

export interface JobSettings {
  readonly stage: string;
  readonly image: string;
  readonly roleArn: string;
  readonly instanceType: string;
  readonly workBucket: string;
  /** Key of the bucket; undefined if the bucket uses S3-managed encryption. */
  readonly kmsKeyArn?: string | undefined;
  readonly maxMinutes: number;
}
export interface TrainingSettings extends JobSettings {
  readonly preset: string;
  /** Use spot capacity; an interrupted job resumes from its checkpoint. */
  readonly spot: boolean;
}
export interface EvaluationSettings extends JobSettings {
  /** Archive a candidate that earns less than production, beyond noise. */
  readonly revenueDecides: boolean;
}
export interface Candidate {
  readonly runId: string;
  readonly version: string;
  readonly parent: string | null;
  readonly seed: number;
}

const INPUT = '/opt/ml/processing/input';
const VOLUME_GB = 100;
/** Maximum wait for spot capacity, in addition to the training time. */
const SPOT_WAIT_MINUTES = 12 * 60;

/** SageMaker metric definitions for the JSON lines that `dukemm train` prints per epoch. */
const METRICS = ['train_loss', 'val_loss', 'accuracy', 'f1'].map((name) => ({
  Name: name.replace('_', ':'),
  Regex: `"${name}": ?([0-9.eE+-]+)`,
}));

/** On a GPU instance a job without a usable GPU fails with the reason; on its CPU it would run for days. */
const environmentOn = (instanceType: string): Record<string, string> =>
  /^ml\.[gp]\d/.test(instanceType) ? { DUKEMM_REQUIRE_CUDA: '1' } : {};

/**
 * The job that runs `dukemm train` on the prepared data, starting from the production version. The trainer cannot read
 * its own evaluation or the registry.
 */
export function trainingJob(settings: TrainingSettings, candidate: Candidate): CreateTrainingJobCommandInput {
  const { runId, parent } = candidate;
  const at = (folder: string): string => s3Uri(settings.workBucket, folder);
  const into = (folder: string): string => at(folder).replace(/\/$/, '');
  const channel = (ChannelName: string, folder: string) => ({
    ChannelName,
    InputMode: 'File' as const,
    DataSource: {
      S3DataSource: {
        S3DataType: 'S3Prefix' as const,
        S3Uri: at(folder),
        S3DataDistributionType: 'FullyReplicated' as const,
      },
    },
  });
  const seconds = settings.maxMinutes * 60;
  return {
    TrainingJobName: jobName(settings.stage, runId),
    RoleArn: settings.roleArn,
    AlgorithmSpecification: {
      TrainingImage: settings.image,
      TrainingInputMode: 'File',
      MetricDefinitions: METRICS,
    },
    HyperParameters: {
      version: candidate.version,
      seed: String(candidate.seed),
      preset: settings.preset,
    },
    InputDataConfig: [
      channel('data', folders.data(runId)),
      ...(parent === null ? [] : [channel('parent', folders.version(parent))]),
    ],
    Environment: environmentOn(settings.instanceType),
    // The profiler would write to places that the role may not write to, and nobody reads its reports.
    ProfilerConfig: { DisableProfiler: true },
    OutputDataConfig: {
      S3OutputPath: into(folders.trained(runId)),
      ...(settings.kmsKeyArn !== undefined && { KmsKeyId: settings.kmsKeyArn }),
    },
    CheckpointConfig: { S3Uri: into(folders.checkpoints(runId)), LocalPath: '/opt/ml/checkpoints' },
    // Disks of GPU instances are encrypted by the hardware, and take no key.
    ResourceConfig: {
      InstanceType: settings.instanceType as never,
      InstanceCount: 1,
      VolumeSizeInGB: VOLUME_GB,
    },
    EnableManagedSpotTraining: settings.spot,
    StoppingCondition: {
      MaxRuntimeInSeconds: seconds,
      ...(settings.spot && { MaxWaitTimeInSeconds: seconds + SPOT_WAIT_MINUTES * 60 }),
    },
  };
}

/**
 * The job that runs `dukemm evaluate`: compares candidate and production on data that neither was trained on. It reads
 * the candidate from the training job's output, because only an evaluated artifact is registered.
 */
export function evaluationJob(
  settings: EvaluationSettings,
  candidate: Candidate,
): CreateProcessingJobCommandInput {
  const { runId, parent } = candidate;
  const at = (folder: string): string => s3Uri(settings.workBucket, folder);
  const input = (InputName: string, folder: string) => ({
    InputName,
    S3Input: {
      S3Uri: at(folder),
      LocalPath: `${INPUT}/${InputName}`,
      S3DataType: 'S3Prefix' as const,
      S3InputMode: 'File' as const,
      S3DataDistributionType: 'FullyReplicated' as const,
    },
  });
  return {
    ProcessingJobName: jobName(settings.stage, runId),
    RoleArn: settings.roleArn,
    AppSpecification: {
      ImageUri: settings.image,
      ContainerArguments: [
        ...['evaluate', '--curves', `${INPUT}/curves/metrics.jsonl`],
        ...(settings.revenueDecides ? ['--revenue-decides'] : []),
      ],
    },
    Environment: environmentOn(settings.instanceType),
    ProcessingInputs: [
      input('data', folders.data(runId)),
      input('candidate', folders.candidate(runId, jobName(settings.stage, runId))),
      ...(parent === null ? [] : [input('production', folders.version(parent))]),
      input('curves', objects.trainingLog(runId)),
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'evaluation',
          S3Output: {
            S3Uri: at(folders.evaluation(runId)).replace(/\/$/, ''),
            LocalPath: '/opt/ml/processing/output',
            S3UploadMode: 'EndOfJob',
          },
        },
      ],
      ...(settings.kmsKeyArn !== undefined && { KmsKeyId: settings.kmsKeyArn }),
    },
    ProcessingResources: {
      ClusterConfig: {
        InstanceType: settings.instanceType as never,
        InstanceCount: 1,
        VolumeSizeInGB: VOLUME_GB,
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: settings.maxMinutes * 60 },
  };
}
