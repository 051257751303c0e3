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
  /** Of a completed training job: `s3://…/model.tar.gz`. */
  readonly artifact?: string;
}

/** The training and the evaluation job of a run, both named by it. Creating one again leaves the first as it is. */
export interface Jobs {
  createTraining(request: CreateTrainingJobCommandInput): Promise<void>;
  createEvaluation(request: CreateProcessingJobCommandInput): Promise<void>;
  training(runId: string): Promise<Job>;
  evaluation(runId: string): Promise<Job>;
  /** Ends whatever of a run is still running. */
  stop(runId: string): Promise<void>;
}

const FAILED = new Set(['Failed', 'Stopped']);

const stateOf = (status: string | undefined, reason: string | undefined): Job => {
  if (status === 'Completed') return { status: 'completed' };
  if (status === undefined || !FAILED.has(status)) return { status: 'running' };
  return { status: 'failed', cause: reason ?? `The job is ${status}.` };
};

/** SageMaker says that a name is taken, or that it is unknown, by its words alone. */
async function unless(words: RegExp, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof ResourceInUse || words.test(error.message)))
      throw error;
  }
}
const TAKEN = /already exist|must be unique/i;
/** Not there, or at its end. */
const NOTHING_TO_STOP =
  /could not find|not found|does not exist|cannot (?:be stopped|stop)|unable to stop|status/i;

export function sageMakerJobs(stage: string, client = new SageMakerClient()): Jobs {
  return {
    createTraining: (request) => unless(TAKEN, client.send(new CreateTrainingJobCommand(request))),
    createEvaluation: (request) => unless(TAKEN, client.send(new CreateProcessingJobCommand(request))),
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
        unless(NOTHING_TO_STOP, client.send(new StopTrainingJobCommand({ TrainingJobName: name }))),
        unless(NOTHING_TO_STOP, client.send(new StopProcessingJobCommand({ ProcessingJobName: name }))),
      ]);
    },
  };
}
