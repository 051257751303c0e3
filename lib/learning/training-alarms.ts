import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarm } from '../shared/alarm.ts';
import type { TrainingMachine } from './training-machine.ts';
import type { TrainingTriggers } from './training-triggers.ts';

const PERIOD = Duration.minutes(5);

export interface TrainingAlarmsProps {
  readonly machine: TrainingMachine;
  readonly triggers: TrainingTriggers;
}

export class TrainingAlarms extends Construct {
  constructor(scope: Construct, id: string, { machine, triggers }: TrainingAlarmsProps) {
    super(scope, id);
    const ended = (metricName: string) =>
      new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: machine.machineArn },
        statistic: 'Sum',
        period: PERIOD,
      });
    alarm(this, 'RunFailed', {
      severity: 'medium',
      runbook: 'A training run failed',
      what: 'A training run failed, timed out or was aborted; the version in production is not affected',
      metric: new MathExpression({
        expression: 'failed + timedOut + aborted',
        usingMetrics: {
          failed: ended('ExecutionsFailed'),
          timedOut: ended('ExecutionsTimedOut'),
          aborted: ended('ExecutionsAborted'),
        },
        period: PERIOD,
      }),
      threshold: 1,
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
