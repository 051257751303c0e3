import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { AlarmText } from '../../lib/shared/alarm.ts';
import type { MarketplaceApiProps } from '../../lib/shared/http-api.ts';
import { RUNBOOK_HEADINGS } from '../../lib/shared/runbook.ts';
import type { FunctionScheduleProps, ScheduledRuleProps } from '../../lib/shared/schedule.ts';
import type { StreamConsumerProps } from '../../lib/shared/stream-consumer.ts';
import type { TypedFunctionProps } from '../../lib/shared/typed-function.ts';
import type { DeadLetterQueue, WorkQueueProps } from '../../lib/shared/work-queue.ts';
import { functionsOf, stacksOf, synthesized, target } from './synth.ts';

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

const AlarmProperties = z.object({
  AlarmDescription: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  Threshold: z.number(),
  Period: z.number(),
  Statistic: z.enum(['Sum', 'Maximum', 'Average']).optional(),
  ExtendedStatistic: z.literal('p99').optional(),
  TreatMissingData: z.literal('notBreaching'),
});

/** The local stage has no endpoint and no stack of operations. */
const AWS_HEADINGS: ReadonlySet<string> = new Set([
  'Events are late',
  'The API is slow',
  'The model answers with errors',
  'The model is slow',
  'Work waits in a queue',
]);

describe.each(['local', 'dev', 'prod'] as const)('alarms of %s', (name) => {
  const made = synthesized(name);
  const alarms = stacksOf(made)
    .flatMap((stack) => stack.ofType('AWS::CloudWatch::Alarm'))
    .map(([, { Properties }]) => AlarmProperties.parse(Properties));
  const described = alarms.map(({ AlarmDescription }) => {
    const parts = /^\[(high|medium|low)\] .+[^.]\. docs\/runbook\.md: «(.+)»$/.exec(AlarmDescription);
    return { AlarmDescription, runbook: parts?.[2] };
  });

  test('have a severity and a section of the runbook', () => {
    expect(described.filter((alarm) => !sections.includes(alarm.runbook))).toEqual([]);
  });

  test('use each runbook heading that the type allows', () => {
    const headings = RUNBOOK_HEADINGS.filter((heading) => name !== 'local' || !AWS_HEADINGS.has(heading));
    expect([...new Set(described.map((alarm) => alarm.runbook))].sort()).toEqual(headings.toSorted());
  });

  /** Logical ids of the resources of a dimension in the alarms on one metric. */
  const watched = (metric: string, dimension: string): string[] =>
    alarms
      .filter(({ Namespace, MetricName }) => `${Namespace} ${MetricName}` === metric)
      .flatMap(({ Dimensions }) => Dimensions.filter(({ Name }) => Name === dimension))
      .map(({ Value }) => target(Value))
      .sort();
  const idsOf = (
    type: string,
    has: (properties: Record<string, unknown>) => boolean = () => true,
  ): string[] =>
    made.app
      .ofType(type)
      .filter(([, { Properties }]) => has(Properties))
      .map(([id]) => id)
      .sort();

  test('watch the errors of every function', () => {
    const functions = [...functionsOf(made).values()].map(({ id }) => id);
    expect(watched('AWS/Lambda Errors', 'FunctionName')).toEqual(functions.sort());
  });

  test('watch every queue without a dead-letter queue of its own', () => {
    const last = idsOf('AWS::SQS::Queue', (properties) => properties.RedrivePolicy === undefined);
    expect(watched('AWS/SQS ApproximateNumberOfMessagesVisible', 'QueueName')).toEqual(last);
  });

  test('watch the API and every schedule', () => {
    expect(watched('AWS/ApiGateway 5xx', 'ApiId')).toEqual(
      idsOf('AWS::ApiGatewayV2::Api', ({ ProtocolType }) => ProtocolType === 'HTTP'),
    );
    const rules = idsOf('AWS::Events::Rule', (properties) => properties.ScheduleExpression !== undefined);
    expect(watched('AWS/Events FailedInvocations', 'RuleName')).toEqual(rules);
    const dropped = alarms.filter(({ MetricName }) => MetricName === 'InvocationDroppedCount');
    expect(dropped).toHaveLength(idsOf('AWS::Scheduler::Schedule').length);
  });

  test('watch how training runs end', () => {
    const ends = alarms.filter(({ Namespace }) => Namespace === 'AWS/States');
    expect(ends.map(({ MetricName }) => MetricName).sort()).toEqual([
      'ExecutionsAborted',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
    ]);
  });
});

describe.each(['dev', 'prod'] as const)('alarms on what users of %s notice', (name) => {
  const { app, operations } = synthesized(name);
  const alarms = [...operations!.ofType('AWS::CloudWatch::Alarm')].map(([, { Properties }]) =>
    AlarmProperties.parse(Properties),
  );
  const on = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);

  test('how long work waits, in every queue that has a worker', () => {
    const queues = app
      .ofType('AWS::SQS::Queue')
      .filter(([, { Properties }]) => Properties.RedrivePolicy !== undefined);
    const watched = on('ApproximateAgeOfOldestMessage').map(({ Dimensions }) =>
      JSON.stringify(Dimensions[0]?.Value),
    );
    expect(queues.map(([id]) => watched.filter((value) => value.includes(id)).length)).toEqual(
      queues.map(() => 1),
    );
    expect(watched).toHaveLength(queues.length);
    expect(on('ApproximateAgeOfOldestMessage').every(({ Threshold }) => Threshold === 900)).toBe(true);
  });

  test('how late changes of the table are processed', () => {
    expect(on('IteratorAge')).toHaveLength(1);
    expect(JSON.stringify(on('IteratorAge')[0]?.Dimensions)).toContain('EventsRoute');
  });

  test('the latency of a route that never waits', () => {
    const [latency, ...others] = on('Latency');
    expect(others).toEqual([]);
    expect(latency).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 5_000 });
    expect(latency?.Dimensions).toContainEqual({ Name: 'Resource', Value: '/api/v2/tasks/list' });
    expect('waits' in ROUTES.listTasks).toBe(false);
  });
});

describe.each(['dev', 'prod'] as const)('spending of %s', (name) => {
  const { data, stage } = synthesized(name);

  test('has a budget and anomaly detection', () => {
    const { Budget, NotificationsWithSubscribers } = z
      .object({
        Budget: z.looseObject({ BudgetLimit: z.unknown(), CostFilters: z.unknown() }),
        NotificationsWithSubscribers: z.array(
          z.object({
            Notification: z.looseObject({ Threshold: z.number() }),
            Subscribers: z.array(z.unknown()),
          }),
        ),
      })
      .parse(data.only('AWS::Budgets::Budget').Properties);
    expect(Budget.BudgetLimit).toEqual({ Amount: name === 'dev' ? 150 : 2_500, Unit: 'USD' });
    expect(Budget.CostFilters).toEqual({ TagKeyValue: [`user:stage$${stage.name}`] });
    const thresholds = NotificationsWithSubscribers.map(({ Notification }) => Notification.Threshold);
    expect(thresholds).toEqual([80, 100, 100]);
    expect(JSON.stringify(NotificationsWithSubscribers)).toContain('AlarmsOthers');
    const subscription = data.only('AWS::CE::AnomalySubscription').Properties;
    expect(JSON.stringify(subscription.Subscribers)).toContain('AlarmsOthers');
  });
});

test.each(['dev', 'prod'] as const)('%s has one dashboard, and saved queries of existing fields', (name) => {
  const { operations } = synthesized(name);
  const body = JSON.stringify(operations!.only('AWS::CloudWatch::Dashboard').Properties.DashboardBody);
  for (const metric of [
    '5xx',
    'IteratorAge',
    'ApproximateAgeOfOldestMessage',
    'ModelLatency',
    'ExecutionsFailed',
  ])
    expect(body).toContain(metric);
  const queries = operations!
    .ofType('AWS::Logs::QueryDefinition')
    .map(([, { Properties }]) => Properties.Name);
  expect(queries.sort()).toEqual(
    ['errors', 'memory-by-function', 'one-task', 'slowest-invocations'].map(
      (query) => `dukenet-${name}/${query}`,
    ),
  );
});

describe.each(['dev', 'prod'] as const)('every alarm of %s', (name) => {
  const made = synthesized(name);
  const Actions = z.object({
    AlarmDescription: z.string(),
    AlarmActions: z.tuple([z.unknown()]),
    OKActions: z.tuple([z.unknown()]).optional(),
  });

  test('notifies a topic when it starts and ends, urgent alarms a separate one', () => {
    const alarms = stacksOf(made).flatMap((stack) => stack.ofType('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThan(40);
    for (const [, { Properties }] of alarms) {
      const { AlarmDescription, AlarmActions, OKActions } = Actions.parse(Properties);
      const urgent = AlarmDescription.startsWith('[high]');
      expect(JSON.stringify(AlarmActions)).toContain(urgent ? 'AlarmsUrgent' : 'AlarmsOthers');
      expect(OKActions).toEqual(urgent ? AlarmActions : undefined);
    }
  });

  test('reaches the e-mail address of the stage through topics that only AWS services publish to', () => {
    const subscriptions = made.data.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
    expect(subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual([
      ['email', 'operator@example.com'],
      ['email', 'operator@example.com'],
    ]);
    const Policy = z.object({
      PolicyDocument: z.object({
        Statement: z.array(z.looseObject({ Effect: z.string(), Principal: z.unknown() })),
      }),
    });
    const policies = made.data
      .ofType('AWS::SNS::TopicPolicy')
      .map(([id, { Properties }]) => [id, Policy.parse(Properties).PolicyDocument.Statement] as const);
    expect(policies).toHaveLength(2);
    for (const [id, statements] of policies) {
      const publishers = statements.flatMap(({ Effect, Principal }) =>
        Effect === 'Allow'
          ? z.object({ Service: z.union([z.string(), z.array(z.string())]) }).parse(Principal).Service
          : [],
      );
      const spending = ['budgets.amazonaws.com', 'costalerts.amazonaws.com'];
      expect(publishers.sort()).toEqual(
        [...(id.includes('Others') ? spending : []), 'cloudwatch.amazonaws.com'].sort(),
      );
      expect(JSON.stringify(statements)).toContain('"aws:SecureTransport":"false"');
    }
  });
});

/** Checked by `npm run types`. */
test('no queue, stream consumer, schedule, API or function compiles without the text of its alarm', () => {
  expectTypeOf<WorkQueueProps['alarm']>().toEqualTypeOf<AlarmText>();
  expectTypeOf<ConstructorParameters<typeof DeadLetterQueue>[2]>().toEqualTypeOf<AlarmText>();
  expectTypeOf<StreamConsumerProps['deadLetters']>().toEqualTypeOf<DeadLetterQueue>();
  expectTypeOf<ScheduledRuleProps['alarm']>().toEqualTypeOf<AlarmText>();
  expectTypeOf<FunctionScheduleProps['alarm']>().toEqualTypeOf<AlarmText>();
  expectTypeOf<MarketplaceApiProps['alarm']>().toEqualTypeOf<AlarmText>();
  expectTypeOf<TypedFunctionProps<z.ZodObject>['alarm']>().toEqualTypeOf<AlarmText>();
});
