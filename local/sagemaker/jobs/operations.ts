import * as z from 'zod';
import { AwsError, invalid } from '../errors.ts';
import { Name, arnOf, parse, seconds, type Operation, type Owner } from '../wire.ts';
import {
  newProcessingJob,
  newTrainingJob,
  phaseOf,
  type Job,
  type ProcessingJob,
  type TrainingJob,
} from './job.ts';
import type { JobStore } from './job-store.ts';
import type { Jobs } from './jobs.ts';
import { Listing, page } from './listing.ts';
import { CreateProcessingJob, CreateTrainingJob } from './request.ts';

const NamedTraining = z.object({ TrainingJobName: Name });
const NamedProcessing = z.object({ ProcessingJobName: Name });

/** Control API operations for training and processing jobs, by name. */
export function jobOperations(store: JobStore, jobs: Jobs, owner: Owner): Record<string, Operation> {
  const arn = ({ kind, name }: Job): string => arnOf(owner, `${kind}-job`, name);
  const add = (job: Job): string => {
    const kind = job.kind === 'training' ? 'Training' : 'Processing';
    if (store.get(job.kind, job.name))
      throw new AwsError(
        'ResourceInUse',
        `${kind} job names must be unique, and ${arn(job)} exists already.`,
      );
    jobs.add(job);
    return arn(job);
  };
  const training = (input: unknown): TrainingJob => {
    const job = store.get('training', parse(NamedTraining, input).TrainingJobName);
    // AWS answers this, although its reference documents ResourceNotFound: https://github.com/aws/aws-sdk/issues/165
    if (job?.kind !== 'training') throw invalid('Requested resource not found.');
    return job;
  };
  const processing = (input: unknown): ProcessingJob => {
    const name = parse(NamedProcessing, input).ProcessingJobName;
    const job = store.get('processing', name);
    if (job?.kind !== 'processing') throw invalid(`Could not find requested job with name: ${name}`);
    return job;
  };
  const list = (kind: Job['kind'], input: unknown) =>
    page(
      store.all().filter((job) => job.kind === kind),
      parse(Listing, input),
    );

  return {
    CreateTrainingJob: (input) => ({ TrainingJobArn: add(newTrainingJob(parse(CreateTrainingJob, input))) }),
    DescribeTrainingJob: (input) => {
      const job = training(input);
      return describeTraining(job, arn(job));
    },
    StopTrainingJob: (input) => {
      jobs.stop(training(input));
      return {};
    },
    ListTrainingJobs: (input) => {
      const { jobs: found, NextToken } = list('training', input);
      return {
        TrainingJobSummaries: found.map((job) => ({
          TrainingJobName: job.name,
          TrainingJobArn: arn(job),
          TrainingJobStatus: job.status,
          SecondaryStatus: phaseOf(job),
          ...times(job, 'Training'),
        })),
        NextToken,
      };
    },
    CreateProcessingJob: (input) => ({
      ProcessingJobArn: add(newProcessingJob(parse(CreateProcessingJob, input))),
    }),
    DescribeProcessingJob: (input) => {
      const job = processing(input);
      return {
        ...job.request,
        ProcessingJobArn: arn(job),
        ProcessingJobStatus: job.status,
        FailureReason: job.failureReason,
        ExitMessage: job.exitMessage,
        ...times(job, 'Processing'),
      };
    },
    StopProcessingJob: (input) => {
      jobs.stop(processing(input));
      return {};
    },
    ListProcessingJobs: (input) => {
      const { jobs: found, NextToken } = list('processing', input);
      return {
        ProcessingJobSummaries: found.map((job) => ({
          ProcessingJobName: job.name,
          ProcessingJobArn: arn(job),
          ProcessingJobStatus: job.status,
          FailureReason: job.failureReason,
          ...times(job, 'Processing'),
        })),
        NextToken,
      };
    },
  };
}

function describeTraining(job: TrainingJob, arn: string): object {
  const { artifact, ranMs } = job;
  return {
    ...job.request,
    TrainingJobArn: arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: phaseOf(job),
    SecondaryStatusTransitions: job.transitions.map(({ phase, startedAt, endedAt, message }) => ({
      Status: phase,
      StartTime: seconds(startedAt),
      EndTime: endedAt && seconds(endedAt),
      StatusMessage: message,
    })),
    FailureReason: job.failureReason,
    ModelArtifacts: artifact && { S3ModelArtifacts: artifact },
    FinalMetricDataList: job.metrics.map(({ name, value, at }) => ({
      MetricName: name,
      Value: value,
      Timestamp: seconds(at),
    })),
    TrainingTimeInSeconds: Math.round(ranMs / 1000),
    BillableTimeInSeconds: 0,
    ...times(job, 'Training'),
  };
}

const times = (job: Job, kind: 'Training' | 'Processing'): object => ({
  CreationTime: seconds(job.createdAt),
  LastModifiedTime: seconds(job.modifiedAt),
  [`${kind}StartTime`]: job.startedAt && seconds(job.startedAt),
  [`${kind}EndTime`]: job.endedAt && seconds(job.endedAt),
});
