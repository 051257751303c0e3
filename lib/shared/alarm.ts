import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { RunbookHeading } from './runbook.ts';

/**
 * How a construct reports its failures. Every queue, stream consumer, schedule, API and function requires one and
 * builds its own alarm from it.
 */
export interface AlarmText {
  /** high: users are affected now; medium: they will be; low: somebody should look. */
  readonly severity: 'high' | 'medium' | 'low';
  readonly runbook: RunbookHeading;
  /** What has failed and what that means for users, without a full stop. */
  readonly summary: string;
}

export interface AlarmProps extends AlarmText {
  readonly metric: IMetric;
  /** The alarm fires when the metric has this value or more, in each of the periods. */
  readonly threshold: number;
  /** 1 by default. */
  readonly evaluationPeriods?: number;
}

/** Period of the alarms that do not roll an update back. */
export const ALARM_PERIOD = Duration.minutes(5);

/** An alarm whose description names its severity and its section of the runbook. */
export class SevereAlarm extends Alarm {
  readonly severity: AlarmText['severity'];

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id, {
      alarmDescription: `[${props.severity}] ${props.summary}. docs/runbook.md: «${props.runbook}»`,
      metric: props.metric,
      threshold: props.threshold,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.severity = props.severity;
  }
}

export const alarm = (scope: Construct, id: string, props: AlarmProps): SevereAlarm =>
  new SevereAlarm(scope, id, props);
