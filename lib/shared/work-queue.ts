import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage.ts';
import type { NeedsEnv } from './typed-function.ts';

export interface Consumption {
  readonly batchSize: number;
  /** How long to wait for a batch to fill. */
  readonly batchingWindow?: Duration;
  readonly maxConcurrency?: number;
}

/** Shared settings of everything that gets what could not be delivered. Operators have two weeks. */
export const deadLetterQueue = (scope: Construct, id: string): Queue =>
  new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });

/**
 * A queue before one worker, with its dead-letter queue. Messages carry names, never content, so the keys SQS manages
 * itself encrypt them. Failures are reported per message.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: { stage: StageConfig; workerTimeout: Duration }) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // Six times the worker's timeout, as AWS asks: a batch may be retried by Lambda itself while it is throttled.
      visibilityTimeout: Duration.seconds(6 * props.workerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.stage.maxReceives },
    });
  }

  consumedBy(worker: IFunction, { batchSize, batchingWindow, maxConcurrency }: Consumption): void {
    worker.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(batchingWindow && { maxBatchingWindow: batchingWindow }),
        ...(maxConcurrency && { maxConcurrency }),
      }),
    );
  }

  /** May put messages in. */
  grantSend(fn: NeedsEnv<'EXECUTE_QUEUE_URL'>): void {
    fn.set({ EXECUTE_QUEUE_URL: this.queue.queueUrl });
    fn.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
  }
}
