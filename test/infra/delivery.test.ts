import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { SweepMessage } from '../../contracts/entities/task-messages.ts';
import { EVENTS } from '../../contracts/events/index.ts';
import { allShards } from '../../contracts/naming.ts';
import { functionsOf, synthesized, target } from './synth.ts';

const made = synthesized('dev');
const { app, stage } = made;
const functions = functionsOf(made);
const queues = app.ofType('AWS::SQS::Queue');
const nameOf = (id: string): string =>
  [...functions].find(([, f]) => f.id === id)?.[0] ?? `not a function: ${id}`;

const Redrive = z.object({
  RedrivePolicy: z.object({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() }),
});
const redriven = queues.flatMap(([id, { Properties }]) => {
  const policy = Redrive.safeParse(Properties);
  return policy.success ? [{ id, ...policy.data.RedrivePolicy, Properties }] : [];
});
const mappings = app.ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
const fromQueues = mappings.filter(
  ({ EventSourceArn }) => 'Fn::GetAtt' in z.object({}).loose().parse(EventSourceArn),
);

describe('queues', () => {
  test('are encrypted and reject requests without TLS', () => {
    for (const [, { Properties }] of queues) expect(Properties.SqsManagedSseEnabled).toBe(true);
    const guarded = app.ofType('AWS::SQS::QueuePolicy').filter(([, { Properties }]) => {
      const text = JSON.stringify(Properties.PolicyDocument);
      return text.includes('"Effect":"Deny"') && text.includes('"aws:SecureTransport":"false"');
    });
    const policed = guarded.flatMap(([, { Properties }]) =>
      z.array(z.unknown()).parse(Properties.Queues).map(target),
    );
    expect(new Set(policed)).toEqual(new Set(queues.map(([id]) => id)));
  });

  test('move a message to their dead-letter queue after the stage’s number of receives', () => {
    expect(redriven.map(({ maxReceiveCount }) => maxReceiveCount)).toEqual(
      redriven.map(() => stage.maxReceives),
    );
    const deadLetters = redriven.map(({ deadLetterTargetArn }) => target(deadLetterTargetArn));
    expect(new Set(deadLetters).size).toBe(redriven.length);
    for (const id of deadLetters) {
      expect(app.get(id).Properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
    }
  });

  test('have one worker each that reports failed messages, and a visibility timeout of six times its timeout', () => {
    expect(fromQueues.map(({ EventSourceArn }) => target(EventSourceArn)).sort()).toEqual(
      redriven.map(({ id }) => id).sort(),
    );
    for (const mapping of fromQueues) {
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      const timeout = app.get(target(mapping.FunctionName)).Properties.Timeout;
      const { VisibilityTimeout } = app.get(target(mapping.EventSourceArn)).Properties;
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * z.number().parse(timeout));
    }
  });

  test('of chunks deliver one at a time to a worker, with no more workers than the endpoint takes', () => {
    const execute = fromQueues.find(({ FunctionName }) => nameOf(target(FunctionName)) === 'tasks/execute');
    expect(execute).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: stage.executeConcurrency },
    });
    expect(functions.get('tasks/execute')?.resource.Properties.Timeout).toBeGreaterThan(60);
  });
});

const Timed = z.object({
  ScheduleExpression: z.string(),
  Targets: z.array(
    z.object({
      Arn: z.unknown(),
      Input: z.string().optional(),
      RetryPolicy: z.object({ MaximumRetryAttempts: z.number() }),
    }),
  ),
});

describe('events', () => {
  const Rule = z.object({
    EventPattern: z.object({
      source: z.array(z.string()),
      'detail-type': z.array(z.string()),
      detail: z.unknown().optional(),
    }),
    Targets: z.array(
      z.object({
        Arn: z.unknown(),
        DeadLetterConfig: z.object({ Arn: z.unknown() }),
        RetryPolicy: z.object({
          MaximumRetryAttempts: z.number().max(185),
          MaximumEventAgeInSeconds: z.number(),
        }),
      }),
    ),
  });
  const rules = app
    .ofType('AWS::Events::Rule')
    .filter(([, { Properties }]) => Properties.EventPattern)
    .map(([, { Properties }]) => Rule.parse(Properties));
  const workerOf = (queue: string): string =>
    nameOf(target(fromQueues.find(({ EventSourceArn }) => target(EventSourceArn) === queue)?.FunctionName));
  const flow = rules.flatMap(({ EventPattern, Targets }) =>
    EventPattern['detail-type'].flatMap((type) =>
      Targets.map(({ Arn }) => [type, workerOf(target(Arn))].join(' → ')),
    ),
  );

  test('reach their workers through queues with a dead-letter queue', () => {
    expect(flow.sort()).toEqual([
      'Object Created → files/inspect-archive',
      'Object Created → files/inspect-media',
      'Object Created → files/inspect-text',
      'Step Functions Execution Status Change → learning/reconcile',
      'agent.account_changed → tasks/withdraw',
      'agent.assigned → live/push',
      'agent.assigned → notifications/notify',
      'model.run.updated → live/push',
      'result.created → learning/shadow',
      'result.created → live/push',
      'result.created → notifications/notify',
      'result.judged → agents/weigh',
      'result.judged → learning/record',
      'result.judged → learning/shadow',
      'task.chunks_done → tasks/complete',
      'task.created → tasks/plan',
      'task.training_withdrawn → learning/record',
      'task.updated → admin/count',
      'task.updated → live/push',
      'training.triggered → learning/start',
      'wallet.updated → live/push',
    ]);
  });

  const OF_AWS: Record<string, string> = {
    'Object Created': 'aws.s3',
    'Step Functions Execution Status Change': 'aws.states',
  };

  test('are those of the contract, of S3, or of the state machine', () => {
    for (const { EventPattern } of rules)
      for (const type of EventPattern['detail-type'])
        expect(EventPattern.source).toEqual([type in EVENTS ? 'dukenet' : OF_AWS[type]]);
  });

  test('of every new task reach the planner', () => {
    const created = rules.find(({ EventPattern }) => EventPattern['detail-type'].includes('task.created'));
    expect(created).toBeDefined();
    expect(created?.EventPattern.detail).toBeUndefined();
  });

  const timed = app
    .ofType('AWS::Events::Rule')
    .map(([, { Properties }]) => Timed.safeParse(Properties))
    .flatMap(({ success, data }) => (success ? [data] : []));

  test('the sweep is scheduled every minute with one message per shard and without retries', () => {
    const everyMinute = timed.filter(({ ScheduleExpression }) => ScheduleExpression === 'rate(1 minute)');
    const targets = everyMinute.flatMap(({ Targets }) => Targets);
    const isSweep = ({ Input }: (typeof targets)[number]): boolean => Input?.includes('shard') === true;
    const shards = targets
      .filter(isSweep)
      .map(({ Input }) => SweepMessage.parse(JSON.parse(Input ?? '')).shard);
    expect(shards.sort()).toEqual(allShards());
    expect(targets.filter((each) => !isSweep(each)).map(({ Input }) => Input)).toEqual([
      JSON.stringify({ 'detail-type': 'notices.due' }),
    ]);
    for (const { RetryPolicy } of targets) expect(RetryPolicy.MaximumRetryAttempts).toBe(0);
    const { Timeout } = functions.get('tasks/sweep')?.resource.Properties ?? {};
    expect(Timeout).toBeLessThan(60);
  });

  test('overdue uploads are expired every five minutes', () => {
    const others = timed.filter(({ ScheduleExpression }) => ScheduleExpression !== 'rate(1 minute)');
    expect(others).toMatchObject([
      { ScheduleExpression: 'rate(5 minutes)', Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }] },
    ]);
    expect(nameOf(target(others[0]?.Targets[0]?.Arn))).toBe('files/expire');
  });
});

describe('the table’s stream', () => {
  const stream = mappings.filter((mapping) => !fromQueues.includes(mapping));

  test('has the router as its only consumer, from the first record, with limited retries', () => {
    expect(stream).toHaveLength(1);
    expect(nameOf(target(stream[0]?.FunctionName))).toBe('events/route');
    expect(stream[0]).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const failed = z
      .object({ OnFailure: z.object({ Destination: z.unknown() }) })
      .parse(stream[0]?.DestinationConfig);
    expect(app.get(target(failed.OnFailure.Destination)).Type).toBe('AWS::SQS::Queue');
  });

  test('filters changes: tasks, results, wallets, training triggers, runs and accounts', () => {
    expect(stream[0]?.FilterCriteria).toEqual({
      Filters: [
        {
          Pattern: JSON.stringify({
            dynamodb: { NewImage: { entity: { S: ['task', 'result', 'wallet', 'trigger', 'run', 'user'] } } },
          }),
        },
      ],
    });
  });
});
