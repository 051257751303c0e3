import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { UNUSABLE_METRIC } from '../../contracts/learning/unusable-metric.ts';
import { alarm } from '../shared/alarm.ts';
import type { TrainingMachine } from './training-machine.ts';
import type { TrainingTriggers } from './training-triggers.ts';

const PERIOD = Duration.minutes(5);
/** Of the outcomes or the families of a run, in percent: more than what single buyers do to their own. */
export const MOST_UNUSABLE_PERCENT = 5;

export interface TrainingAlarmsProps {
  readonly stage: string;
  readonly machine: TrainingMachine;
  readonly triggers: TrainingTriggers;
}

export class TrainingAlarms extends Construct {
  constructor(scope: Construct, id: string, { stage, machine, triggers }: TrainingAlarmsProps) {
    super(scope, id);
    // One alarm each: the emulator takes no arithmetic over metrics.
    for (const how of ['Failed', 'TimedOut', 'Aborted']) {
      alarm(this, `Run${how}`, {
        severity: 'medium',
        runbook: 'A training run failed',
        what: `A training run has ended as ${how}; the version in production is not affected`,
        metric: new Metric({
          namespace: 'AWS/States',
          metricName: `Executions${how}`,
          dimensionsMap: { StateMachineArn: machine.machineArn },
          statistic: 'Sum',
          period: PERIOD,
        }),
        threshold: 1,
      });
    }
    alarm(this, 'DataUnusable', {
      severity: 'medium',
      runbook: 'Training data could not be used',
      what: `A training run could not use ${MOST_UNUSABLE_PERCENT} % or more of its outcomes or families; they keep their last state`,
      metric: new Metric({
        namespace: UNUSABLE_METRIC.namespace,
        metricName: UNUSABLE_METRIC.name,
        dimensionsMap: UNUSABLE_METRIC.dimensions(stage),
        statistic: 'Maximum',
        period: PERIOD,
      }),
      threshold: MOST_UNUSABLE_PERCENT,
    });
    alarm(this, 'CausesStuck', {
      severity: 'low',
      runbook: 'Causes of training runs are stuck',
      what: 'A cause of a training run could not be handled: no run may start by itself',
      metric: triggers.causes.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
      threshold: 1,
    });
  }
}
