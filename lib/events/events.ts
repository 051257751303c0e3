import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import type { EventPattern, IEventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../contracts/events/index.ts';
import type { EventDetail, EventType } from '../../contracts/events/index.ts';
import { Env } from '../../lambdas/events/route.env.ts';
import { alarm } from '../shared/alarm.ts';
import type { SingleTable } from '../shared/single-table.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, NeedsEnv } from '../shared/typed-function.ts';
import { deadLetterQueue } from '../shared/work-queue.ts';
import type { WorkQueue } from '../shared/work-queue.ts';

export interface Consumer<T extends EventType> {
  readonly queue: WorkQueue;
  /** Only events whose fields equal these. */
  readonly only?: Partial<EventDetail<T>>;
}

/** The consumers of every event. One that is published without any says why. */
export type Subscriptions = {
  readonly [T in EventType]: readonly [Consumer<T>, ...Consumer<T>[]] | { readonly unheard: string };
};

export interface EventsProps {
  readonly defaults: FunctionDefaults;
  readonly table: SingleTable;
}

/** Kinds of item whose change is news to somebody; all others stay out of the router. */
const ROUTED_ENTITIES = ['task', 'result', 'trigger', 'run'];

/** The table's stream is the outbox, the router its only reader (a shard feeds two at most), the bus what others hear. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Records that could not be routed: their keys and why, or where in the stream they are. */
  readonly unrouted: Queue;

  constructor(scope: Construct, id: string, { defaults, table }: EventsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `dukenet-${defaults.stage.name}` });
    const router = new TypedFunction(this, 'Route', {
      defaults,
      capability: 'events',
      name: 'route',
      envSchema: Env,
      timeout: Duration.seconds(30),
      memory: 'worker',
    });
    this.grantPublish(router);
    this.unrouted = deadLetterQueue(this, 'Unrouted');
    router.set({ UNROUTED_QUEUE_URL: this.unrouted.queueUrl });
    alarm(this, 'ChangesUnrouted', {
      severity: 'high',
      runbook: 'Changes that nobody was told of',
      what: 'Changes of the table could not be made into events: tasks may wait for their deadline',
      metric: this.unrouted.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
    router.addEventSource(
      new DynamoEventSource(table.table, {
        // LATEST would miss what is written while the mapping starts.
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        parallelizationFactor: 4,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 10,
        // Also where an emulator retries for ever, a poison record blocks its shard no longer than this.
        maxRecordAge: Duration.hours(1),
        onFailure: new SqsDlq(this.unrouted),
        filters: [
          FilterCriteria.filter({
            dynamodb: { NewImage: { entity: { S: FilterRule.or(...ROUTED_ENTITIES) } } },
          }),
        ],
      }),
    );
  }

  /** Puts each event into the queues of its consumers. Called once, with all of them. */
  subscribe(subscriptions: Subscriptions): void {
    for (const [type, consumers] of Object.entries(subscriptions)) {
      if ('unheard' in consumers) continue;
      for (const { queue, only = {} } of consumers) {
        const equal = Object.entries(only).map(([field, value]) => [field, [value]]);
        deliverTo(queue, type, this.bus, {
          source: [EVENT_SOURCE],
          detailType: [type],
          ...(equal.length > 0 && { detail: Object.fromEntries(equal) as Record<string, unknown> }),
        });
      }
    }
  }

  private grantPublish(fn: NeedsEnv<'EVENT_BUS_NAME'>): void {
    fn.set({ EVENT_BUS_NAME: this.bus.eventBusName });
    fn.allow(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }));
  }
}

/** A rule from a bus (the account's own where none is named) into a queue; what cannot be delivered is kept beside it. */
export function deliverTo(
  queue: WorkQueue,
  name: string,
  eventBus: IEventBus | undefined,
  eventPattern: EventPattern,
): void {
  new Rule(queue, `On-${name}`, {
    ...(eventBus && { eventBus }),
    eventPattern,
    targets: [
      new SqsQueue(queue.queue, {
        deadLetterQueue: queue.deadLetters,
        retryAttempts: 24,
        maxEventAge: Duration.hours(2),
      }),
    ],
  });
}
