import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface AlarmProps {
  /** high: users are harmed now; medium: they will be; low: somebody should look. */
  readonly severity: 'high' | 'medium' | 'low';
  /** A heading of docs/runbook.md; test/infra looks whether it is there. */
  readonly runbook: string;
  readonly what: string;
  readonly metric: IMetric;
  /** From here on, in one period. */
  readonly threshold: number;
}

/** An alarm that says how bad it is and where it is written what to do. */
export const alarm = (scope: Construct, id: string, props: AlarmProps): Alarm =>
  new Alarm(scope, id, {
    alarmDescription: `[${props.severity}] ${props.what}. docs/runbook.md: «${props.runbook}»`,
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
