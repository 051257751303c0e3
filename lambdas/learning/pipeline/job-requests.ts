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
  /** Of the bucket; none where S3's own encrypts. */
  readonly kmsKeyArn?: string | undefined;
  readonly maxMinutes: number;
}
export interface TrainingSettings extends JobSettings {
  readonly preset: string;
  /** At the price of spare capacity: may be interrupted, and goes on from its checkpoint. */
  readonly spot: boolean;
}
export interface Candidate {
  readonly runId: string;
  readonly version: string;
  readonly parent: string | null;
  readonly seed: number;
}

const INPUT = '/opt/ml/processing/input';
const VOLUME_GB = 100;
/** Waiting for spare capacity, on top of the time to train. */
const SPOT_WAIT_MINUTES = 12 * 60;

/** What `dukemm train` prints for each epoch, as metrics of the job. */
const METRICS = ['train_loss', 'val_loss', 'accuracy', 'f1'].map((name) => ({
  Name: name.replace('_', ':'),
  Regex: `"${name}": ?([0-9.eE+-]+)`,
}));

/** `dukemm train` on what was prepared, from the version that serves. The trainer sees neither its own marks nor the registry. */
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
 * `dukemm evaluate`: candidate and production side by side on what neither was trained on. The candidate is what the training
 * job made: only what was evaluated goes into the registry.
 */
export function evaluationJob(settings: JobSettings, candidate: Candidate): CreateProcessingJobCommandInput {
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
      ContainerArguments: ['evaluate', '--curves', `${INPUT}/curves/metrics.jsonl`],
    },
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
