import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { StageConfig } from '../stage-config.ts';
import type { AlarmText } from './alarm.ts';
import { TypedFunction } from './typed-function.ts';
import type { TypedFunctionProps } from './typed-function.ts';
import { WorkQueue } from './work-queue.ts';
import type { Consumption } from './work-queue.ts';

export interface QueueWorkerProps<E extends z.ZodObject> extends Omit<TypedFunctionProps<E>, 'alarm'> {
  /** Construct IDs. */
  readonly ids: { readonly worker: string; readonly queue: string };
  readonly consumption: Consumption;
  readonly severity: AlarmText['severity'];
  /** Summaries of the two alarms: an invocation failed; a message went to the dead-letter queue. */
  readonly summaries: { readonly failed: string; readonly givenUp: string };
}

export interface QueueWorker<E extends z.ZodObject> {
  readonly worker: TypedFunction<E>;
  readonly queue: WorkQueue;
}

/** A function and the queue that only it consumes. Both have the same timeout and severity. */
export function queueWorker<E extends z.ZodObject>(
  scope: Construct,
  { ids, consumption, severity, summaries, ...props }: QueueWorkerProps<E>,
): QueueWorker<E> {
  const worker = new TypedFunction<E>(scope, ids.worker, {
    ...props,
    alarm: { severity, runbook: 'A function fails', summary: summaries.failed },
  });
  const queue = new WorkQueue(scope, ids.queue, {
    stage: props.defaults.stage,
    workerTimeout: props.timeout,
    alarm: { severity, runbook: 'Messages in a dead-letter queue', summary: summaries.givenUp },
  });
  queue.consumedBy(worker, consumption);
  return { worker, queue };
}

/** Up to ten messages per invocation, collected for five seconds; on the local stage without waiting. */
export const collectedBatches = (stage: StageConfig): Consumption => ({
  batchSize: 10,
  ...(stage.name !== 'local' && { batchingWindow: Duration.seconds(5) }),
});
