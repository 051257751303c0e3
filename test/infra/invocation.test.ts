import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { INDEX_SHARDS } from '../../contracts/naming.ts';
import { functionsOf, synthesized, target } from './synth.ts';

describe('event sources of functions', () => {
  const dev = synthesized('dev');
  const functions = [...functionsOf(dev)];
  const nameOf = (id: string): string => functions.find(([, f]) => f.id === id)?.[0] ?? id;
  const mappings = new Map(
    dev.app
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => [nameOf(target(Properties.FunctionName)), Properties]),
  );

  test('queues deliver one message at a time, or ten where ten share one write or are quick notices', () => {
    const verdicts = ['agents/weigh', 'learning/record'];
    const batched = [...verdicts, 'admin/count', 'live/push'];
    for (const [name, { BatchSize, MaximumBatchingWindowInSeconds }] of mappings) {
      if (name === 'events/route') continue;
      expect([name, BatchSize]).toEqual([name, batched.includes(name) ? 10 : 1]);
      // A window delays a task; verdicts can wait.
      const window = verdicts.includes(name) || name === 'admin/count' ? 5 : undefined;
      expect([name, MaximumBatchingWindowInSeconds]).toEqual([name, window]);
    }
    expect([...mappings.keys()]).toEqual(expect.arrayContaining(batched));
  });

  test('the stream delivers batches of a hundred, four per shard at once, each item in order', () => {
    expect(mappings.get('events/route')).toMatchObject({ BatchSize: 100, ParallelizationFactor: 4 });
  });

  test('one sweep runs per shard at once, so that no shard waits for another', () => {
    expect(mappings.get('tasks/sweep')).toMatchObject({
      ScalingConfig: { MaximumConcurrency: INDEX_SHARDS },
    });
  });

  test('invocations that a schedule repeats anyway are not retried, and dropped when late', () => {
    const invoked = dev.app.ofType('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
    expect(invoked.map(({ FunctionName }) => nameOf(target(FunctionName))).sort()).toEqual([
      'files/expire',
      'learning/reconcile',
    ]);
    for (const config of invoked)
      expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  });

  test('a schedule fires on time and tries five times within the hour', () => {
    for (const [, { Properties }] of dev.app.ofType('AWS::Scheduler::Schedule')) {
      expect(Properties).toMatchObject({
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 } },
      });
    }
  });

  test('functions that hold a whole file in memory have the memory for it', () => {
    const large = functions
      .filter(([, { resource }]) => Number(resource.Properties.MemorySize) > 512)
      .map(([n]) => n);
    expect(large.sort()).toEqual([
      'files/inspect-archive',
      'files/inspect-media',
      'files/inspect-text',
      'files/preview',
      'learning/prepare',
      'learning/record',
      'learning/register',
      'tasks/api',
      'tasks/complete',
      'tasks/judge',
      'tasks/plan',
      'tasks/quote',
      'tasks/work',
    ]);
  });
});

describe.each(['dev', 'prod'] as const)('observability of %s', (name) => {
  const made = synthesized(name);

  test('every function has its own log group with a retention period', () => {
    const groups = [...functionsOf(made).values()].map(({ resource }) => {
      const { LogGroup } = z
        .object({ LogGroup: z.unknown() })
        .loose()
        .parse(resource.Properties.LoggingConfig);
      return target(LogGroup);
    });
    expect(new Set(groups).size).toBe(groups.length);
    for (const id of groups)
      expect(made.app.get(id).Properties.RetentionInDays).toBe(made.stage.logRetentionDays);
  });

  test('training runs are traced, and every step is logged', () => {
    expect(made.app.only('AWS::StepFunctions::StateMachine').Properties).toMatchObject({
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    });
  });

  test('alarms go off at the first failure within five minutes, those of the API at the fifth', () => {
    const Alarm = z.object({
      MetricName: z.string(),
      Threshold: z.number(),
      Period: z.literal(300),
      EvaluationPeriods: z.literal(1),
      ComparisonOperator: z.literal('GreaterThanOrEqualToThreshold'),
    });
    const alarms = made.app
      .ofType('AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Alarm.parse(Properties));
    const later = alarms.filter(({ Threshold }) => Threshold !== 1);
    expect(later.map(({ MetricName, Threshold }) => [MetricName, Threshold]).sort()).toEqual([
      ['5xx', 5],
      ['UnusableTrainingData', 5],
    ]);
  });
});
