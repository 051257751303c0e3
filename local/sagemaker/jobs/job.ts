import * as z from 'zod';
import { CreateProcessingJob, CreateTrainingJob } from './request.ts';

/** Progress of a job, as the SecondaryStatus of a training job. */
const Phase = z.enum([
  'Pending',
  'Downloading',
  'Training',
  'Uploading',
  'Interrupted',
  'Restarting',
  'Stopping',
  'Stopped',
  'MaxRuntimeExceeded',
  'Completed',
  'Failed',
]);
export type Phase = z.infer<typeof Phase>;

/** Final states of jobs that do not fail. */
export const Ending = z.enum(['Completed', 'Stopped', 'MaxRuntimeExceeded']);
export type Ending = z.infer<typeof Ending>;

const everyJob = {
  name: z.string(),
  status: z.enum(['InProgress', 'Stopping', 'Stopped', 'Completed', 'Failed']),
  /** The last one is the current state. Times in this file are milliseconds since 1970. */
  transitions: z
    .array(
      z.object({ phase: Phase, startedAt: z.number(), endedAt: z.number().optional(), message: z.string() }),
    )
    .min(1),
  createdAt: z.number(),
  modifiedAt: z.number(),
  /** When the download of its data began, and when the job ended. */
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  failureReason: z.string().optional(),
  /** Number of restarts after the platform ended while the job ran. */
  restarts: z.int(),
  /** Run time of its process in milliseconds, over all restarts. */
  ranMs: z.number(),
  /** Whether its folder is complete: data, checkpoint and configuration. */
  prepared: z.boolean(),
  /** The running process; `birth` distinguishes it from a later one with the same PID. */
  process: z.object({ pid: z.int(), birth: z.string() }).optional(),
  /** Whether the process has ended, so that only the upload is left. */
  ending: Ending.optional(),
  /** The last value of each metric found in its log. */
  metrics: z.array(z.object({ name: z.string(), value: z.number(), at: z.number() })),
  /** Number of bytes of its log that were searched for metrics. */
  logRead: z.int(),
};
export const Job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('training'),
    request: CreateTrainingJob,
    /** URI of its model.tar.gz, once uploaded. */
    artifact: z.string().optional(),
    ...everyJob,
  }),
  z.object({
    kind: z.literal('processing'),
    request: CreateProcessingJob,
    exitMessage: z.string().optional(),
    ...everyJob,
  }),
]);
export type Job = z.infer<typeof Job>;
export type TrainingJob = Extract<Job, { kind: 'training' }>;
export type ProcessingJob = Extract<Job, { kind: 'processing' }>;
export type Kind = Job['kind'];

const begun = () => {
  const now = Date.now();
  return {
    status: 'InProgress' as const,
    transitions: [{ phase: 'Pending' as const, startedAt: now, message: 'Waiting for its turn' }],
    createdAt: now,
    modifiedAt: now,
    restarts: 0,
    ranMs: 0,
    prepared: false,
    metrics: [],
    logRead: 0,
  };
};
export const newTrainingJob = (request: CreateTrainingJob): TrainingJob => ({
  kind: 'training',
  name: request.TrainingJobName,
  request,
  ...begun(),
});
export const newProcessingJob = (request: CreateProcessingJob): ProcessingJob => ({
  kind: 'processing',
  name: request.ProcessingJobName,
  request,
  ...begun(),
});

export const phaseOf = (job: Job): Phase => job.transitions.at(-1)?.phase ?? 'Pending';
export const isOver = ({ status }: Job): boolean => ['Stopped', 'Completed', 'Failed'].includes(status);

export function enter(job: Job, phase: Phase, message: string): void {
  const now = Date.now();
  const last = job.transitions.at(-1);
  if (last) last.endedAt = now;
  job.transitions.push({ phase, startedAt: now, message });
  job.modifiedAt = now;
}

/** Ends the job. @param reason of a failure */
export function end(job: Job, ending: Ending | 'Failed', reason?: string): void {
  const shown = reason?.slice(0, 1024);
  enter(job, ending, shown ?? SAID[ending]);
  job.status = ending === 'MaxRuntimeExceeded' ? 'Stopped' : ending;
  job.failureReason = shown;
  job.endedAt = job.modifiedAt;
  const last = job.transitions.at(-1);
  if (last) last.endedAt = job.modifiedAt;
}

const SAID = {
  Completed: 'The job is complete',
  Stopped: 'The job was stopped',
  MaxRuntimeExceeded: 'The job ran longer than it may',
  Failed: 'The job failed',
} as const;
