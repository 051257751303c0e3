import {
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  ResourceInUse,
  SageMakerClient,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import type {
  CreateProcessingJobCommandInput,
  CreateTrainingJobCommandInput,
} from '@aws-sdk/client-sagemaker';
import { jobName } from '../../../contracts/naming.ts';

export interface Job {
  readonly status: 'running' | 'completed' | 'failed';
  readonly cause?: string;
  /** `s3://…/model.tar.gz`, of a completed training job. */
  readonly artifact?: string;
}

/** The training and the evaluation job of a run, both named after it. Creating a job that exists changes nothing. */
export interface Jobs {
  createTraining(request: CreateTrainingJobCommandInput): Promise<void>;
  createEvaluation(request: CreateProcessingJobCommandInput): Promise<void>;
  training(runId: string): Promise<Job>;
  evaluation(runId: string): Promise<Job>;
  /** Stops the jobs of a run that are still running. */
  stop(runId: string): Promise<void>;
}

const FAILED = new Set(['Failed', 'Stopped']);

const stateOf = (status: string | undefined, reason: string | undefined): Job => {
  if (status === 'Completed') return { status: 'completed' };
  if (status === undefined || !FAILED.has(status)) return { status: 'running' };
  return { status: 'failed', cause: reason ?? `The job is ${status}.` };
};

/** Ignores errors whose message matches: SageMaker tells a taken or unknown name only by its message. */
async function ignoring(message: RegExp, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof ResourceInUse || message.test(error.message)))
      throw error;
  }
}
const TAKEN = /already exist|must be unique/i;
/** The job does not exist, or has ended. */
const NOTHING_TO_STOP =
  /could not find|not found|does not exist|cannot (?:be stopped|stop)|unable to stop|status/i;

export function sageMakerJobs(stage: string, client = new SageMakerClient()): Jobs {
  return {
    createTraining: (request) => ignoring(TAKEN, client.send(new CreateTrainingJobCommand(request))),
    createEvaluation: (request) => ignoring(TAKEN, client.send(new CreateProcessingJobCommand(request))),
    async training(runId) {
      const job = await client.send(
        new DescribeTrainingJobCommand({ TrainingJobName: jobName(stage, runId) }),
      );
      const artifact = job.ModelArtifacts?.S3ModelArtifacts;
      return {
        ...stateOf(job.TrainingJobStatus, job.FailureReason),
        ...(artifact !== undefined && { artifact }),
      };
    },
    async evaluation(runId) {
      const job = await client.send(
        new DescribeProcessingJobCommand({ ProcessingJobName: jobName(stage, runId) }),
      );
      return stateOf(job.ProcessingJobStatus, job.FailureReason ?? job.ExitMessage);
    },
    async stop(runId) {
      const name = jobName(stage, runId);
      await Promise.all([
        ignoring(NOTHING_TO_STOP, client.send(new StopTrainingJobCommand({ TrainingJobName: name }))),
        ignoring(NOTHING_TO_STOP, client.send(new StopProcessingJobCommand({ ProcessingJobName: name }))),
      ]);
    },
  };
}
