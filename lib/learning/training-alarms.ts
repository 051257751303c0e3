import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ROLLBACKS } from '../../contracts/events/metrics.ts';
import { UNUSABLE_METRIC } from '../../contracts/learning/unusable-metric.ts';
import { alarm, ALARM_PERIOD } from '../shared/alarm.ts';

/** Percentage of the outcomes or families of a run; more than single buyers can cause with their own data. */
export const MAX_UNUSABLE_PERCENT = 5;

/** Alarms on how executions of the state machine end, and on data that they could not use. */
export function trainingAlarms(
  scope: Construct,
  { stage, machineArn }: { stage: string; machineArn: string },
): void {
  // One alarm per metric: the local platform supports no metric math.
  for (const status of ['Failed', 'TimedOut', 'Aborted']) {
    alarm(scope, `Run${status}`, {
      severity: 'medium',
      runbook: 'A training run failed',
      summary: `A training run has ended as ${status}; the version in production is not affected`,
      metric: new Metric({
        namespace: 'AWS/States',
        metricName: `Executions${status}`,
        dimensionsMap: { StateMachineArn: machineArn },
        statistic: 'Sum',
        period: ALARM_PERIOD,
      }),
      threshold: 1,
    });
  }
  alarm(scope, 'DataUnusable', {
    severity: 'medium',
    runbook: 'Training data could not be used',
    summary: `A training run could not use ${MAX_UNUSABLE_PERCENT} % or more of its outcomes or families; they keep their last state`,
    metric: new Metric({
      namespace: UNUSABLE_METRIC.namespace,
      metricName: UNUSABLE_METRIC.name,
      dimensionsMap: UNUSABLE_METRIC.dimensions(stage),
      statistic: 'Maximum',
      period: ALARM_PERIOD,
    }),
    threshold: MAX_UNUSABLE_PERCENT,
  });
}

/** Alarm on versions that were rolled back by themselves. */
export const rollbackAlarm = (scope: Construct, stage: string) =>
  alarm(scope, 'RolledBack', {
    severity: 'medium',
    runbook: 'A version was rolled back',
    summary: 'The version in production was worse on live work than the one before, which serves again',
    metric: new Metric({
      namespace: ROLLBACKS.namespace,
      metricName: ROLLBACKS.name,
      dimensionsMap: ROLLBACKS.dimensions(stage),
      statistic: 'Sum',
      period: ALARM_PERIOD,
    }),
    threshold: 1,
  });
