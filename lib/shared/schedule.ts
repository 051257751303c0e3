import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { alarm, ALARM_PERIOD } from './alarm.ts';
import type { AlarmText } from './alarm.ts';
import { InlinePolicyRole } from './inline-policy-role.ts';

export interface ScheduledRuleProps {
  readonly minutes: number;
  readonly targets: readonly IRuleTarget[];
  readonly alarm: AlarmText;
}

/** Calls targets every so many minutes; its alarm fires when EventBridge could not call one. */
export function scheduledRule(scope: Construct, id: string, props: ScheduledRuleProps): void {
  const rule = new Rule(scope, id, {
    schedule: Schedule.rate(Duration.minutes(props.minutes)),
    targets: [...props.targets],
  });
  alarm(scope, `${id}Alarm`, {
    ...props.alarm,
    metric: new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: rule.ruleName },
      statistic: 'Sum',
      period: ALARM_PERIOD,
    }),
    threshold: 1,
  });
}

export interface FunctionScheduleProps {
  /** `cron(…)` or `rate(…)`, in UTC. */
  readonly expression: string;
  readonly fn: IFunction;
  readonly alarm: AlarmText;
}

/**
 * Invokes a function by EventBridge Scheduler. Its alarm fires when the scheduler gave a call up after its retries; the
 * scheduler counts these by schedule group only, and all schedules are in the account's default group.
 */
export function functionSchedule(scope: Construct, id: string, props: FunctionScheduleProps): void {
  const { fn, expression } = props;
  const role = new InlinePolicyRole(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }));
  new CfnSchedule(scope, id, {
    scheduleExpression: expression,
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: fn.functionArn,
      roleArn: role.roleArn,
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
    },
  });
  alarm(scope, `${id}Alarm`, {
    ...props.alarm,
    metric: new Metric({
      namespace: 'AWS/Scheduler',
      metricName: 'InvocationDroppedCount',
      dimensionsMap: { ScheduleGroup: 'default' },
      statistic: 'Sum',
      period: ALARM_PERIOD,
    }),
    threshold: 1,
  });
}
