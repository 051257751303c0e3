import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import { alarm, ALARM_PERIOD } from './alarm.ts';
import type { AlarmText } from './alarm.ts';
import type { NeedsEnv } from './typed-function.ts';

export interface Consumption {
  readonly batchSize: number;
  /** How long Lambda waits for a batch to fill. */
  readonly batchingWindow?: Duration;
  readonly maxConcurrency?: number;
}

export interface WorkQueueProps {
  readonly stage: StageConfig;
  readonly workerTimeout: Duration;
  /** Alarm of the dead-letter queue. */
  readonly alarm: AlarmText;
}

/** Holds messages that could not be handled or delivered, for 14 days. Its alarm fires while it holds any. */
export class DeadLetterQueue extends Queue {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, text: AlarmText) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.alarm = alarm(this, 'Alarm', {
      ...text,
      metric: this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: ALARM_PERIOD }),
      threshold: 1,
    });
  }
}

/**
 * A queue with a dead-letter queue, for one worker. Messages hold ids, never content, so SQS-managed keys encrypt
 * them. Failures are reported per message.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  /** Of all alarms on the queue. */
  readonly severity: AlarmText['severity'];

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.severity = props.alarm.severity;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', props.alarm);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
      // AWS recommends six times the worker's timeout: Lambda itself retries a batch while it is throttled.
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

  /** Lets a function send messages. */
  grantSend(fn: NeedsEnv<'EXECUTE_QUEUE_URL'>): void {
    fn.set({ EXECUTE_QUEUE_URL: this.queue.queueUrl });
    fn.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
  }
}
