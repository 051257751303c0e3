import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import type { EventPattern, IEventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../contracts/events/index.ts';
import type { EventDetail, EventType } from '../../contracts/events/index.ts';
import { Env } from '../../lambdas/events/route.env.ts';
import type { SingleTable } from '../shared/single-table.ts';
import { TypedFunction } from '../shared/typed-function.ts';
import type { FunctionDefaults, NeedsEnv } from '../shared/typed-function.ts';
import { consumeStream } from '../shared/stream-consumer.ts';
import { DeadLetterQueue } from '../shared/work-queue.ts';
import type { WorkQueue } from '../shared/work-queue.ts';

export interface Consumer<T extends EventType> {
  readonly queue: WorkQueue;
  /** Delivers only events whose fields equal these. */
  readonly only?: Partial<EventDetail<T>>;
}

/** The consumers of every event; the type requires at least one. */
export type Subscriptions = {
  readonly [T in EventType]: readonly [Consumer<T>, ...Consumer<T>[]];
};

export interface EventsProps {
  readonly defaults: FunctionDefaults;
  readonly table: SingleTable;
}

/** Entities whose changes become events. */
const ROUTED_ENTITIES = ['task', 'result', 'wallet', 'trigger', 'run', 'user'];

/**
 * Events by transactional outbox: the table's stream is the outbox, the router is its only reader (a shard supports
 * at most two), and consumers subscribe to the bus.
 */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Consumes the stream of the table. */
  readonly router: TypedFunction<typeof Env>;
  /** Records that could not be routed: their keys and the reason, or their position in the stream. */
  readonly unrouted: DeadLetterQueue;

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
      alarm: {
        severity: 'high',
        runbook: 'A function fails',
        summary: 'The router of changes ends with an error or a timeout: tasks start late',
      },
    });
    this.router = router;
    this.grantPublish(router);
    this.unrouted = new DeadLetterQueue(this, 'Unrouted', {
      severity: 'high',
      runbook: 'Changes that could not be published',
      summary: 'Changes of the table could not be made into events: tasks may wait for their deadline',
    });
    router.set({ UNROUTED_QUEUE_URL: this.unrouted.queueUrl });
    consumeStream({
      table: table.table,
      worker: router,
      entities: ROUTED_ENTITIES,
      deadLetters: this.unrouted,
    });
  }

  /** Delivers each event to the queues of its consumers: one rule per queue, and one per event with a condition. Called once. */
  subscribe(subscriptions: Subscriptions): void {
    const typesOf = new Map<WorkQueue, string[]>();
    for (const [type, consumers] of Object.entries(subscriptions)) {
      for (const { queue, only = {} } of consumers) {
        const equal = Object.entries(only).map(([field, value]): [string, unknown[]] => [field, [value]]);
        if (equal.length === 0) typesOf.set(queue, [...(typesOf.get(queue) ?? []), type]);
        else this.deliver(queue, type, [type], Object.fromEntries(equal));
      }
    }
    for (const [queue, types] of typesOf) this.deliver(queue, 'events', types);
  }

  private deliver(
    queue: WorkQueue,
    name: string,
    detailType: string[],
    detail?: Record<string, unknown>,
  ): void {
    deliverTo(queue, name, this.bus, { source: [EVENT_SOURCE], detailType, ...(detail && { detail }) });
  }

  private grantPublish(fn: NeedsEnv<'EVENT_BUS_NAME'>): void {
    fn.set({ EVENT_BUS_NAME: this.bus.eventBusName });
    fn.allow(new PolicyStatement({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] }));
  }
}

/** A rule from a bus (the account's default bus if none is given) to a queue; undeliverable events go to its dead-letter queue. */
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
