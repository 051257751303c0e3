import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnAnomalyMonitor, CfnAnomalySubscription } from 'aws-cdk-lib/aws-ce';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AwsStage } from '../stage-config.ts';

/** Share of what is expected to be spent from which an anomaly is reported, in percent. */
const ANOMALY_PERCENT = '30';

/**
 * Reports what a stage costs above its budget, and spending that is unusual for it. Both filter by the tag `stage`, which the
 * account must have activated for cost allocation (docs/deploy.md).
 */
export function watchSpending(
  scope: Construct,
  { stage, topic }: { readonly stage: AwsStage; readonly topic: Topic },
): void {
  topic.grantPublish(new ServicePrincipal('budgets.amazonaws.com'));
  topic.grantPublish(new ServicePrincipal('costalerts.amazonaws.com'));
  const subscribers = [{ subscriptionType: 'SNS', address: topic.topicArn }];
  const notify = (notificationType: string, threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
    },
    subscribers,
  });
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetName: `dukenet-${stage.name}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: stage.monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:stage$${stage.name}`] },
    },
    notificationsWithSubscribers: [notify('ACTUAL', 80), notify('ACTUAL', 100), notify('FORECASTED', 100)],
  });
  const monitor = new CfnAnomalyMonitor(scope, 'AnomalyMonitor', {
    monitorName: `dukenet-${stage.name}`,
    monitorType: 'CUSTOM',
    monitorSpecification: JSON.stringify({ Tags: { Key: 'stage', Values: [stage.name] } }),
  });
  new CfnAnomalySubscription(scope, 'AnomalySubscription', {
    subscriptionName: `dukenet-${stage.name}`,
    frequency: 'IMMEDIATE',
    monitorArnList: [monitor.attrMonitorArn],
    subscribers: [{ type: 'SNS', address: topic.topicArn }],
    thresholdExpression: JSON.stringify({
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_PERCENTAGE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [ANOMALY_PERCENT],
      },
    }),
  });
}
