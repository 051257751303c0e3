import { Aspects } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { AwsStage } from '../stage-config.ts';
import { SevereAlarm } from './alarm.ts';

/** Where alarms are sent: those of severity high, which somebody should be woken for, and all others. */
export class AlarmTopics extends Construct {
  readonly urgent: Topic;
  readonly others: Topic;

  constructor(scope: Construct, id: string, { stage }: { stage: AwsStage }) {
    super(scope, id);
    this.urgent = this.topic('Urgent', stage);
    this.others = this.topic('Others', stage);
  }

  /** Sends each alarm below `scope` when it fires, and urgent ones when they are over, too. */
  watch(scope: IConstruct): void {
    Aspects.of(scope).add({
      visit: (node) => {
        if (!(node instanceof SevereAlarm)) return;
        const urgent = node.severity === 'high';
        const action = new SnsAction(urgent ? this.urgent : this.others);
        node.addAlarmAction(action);
        if (urgent) node.addOkAction(action);
      },
    });
  }

  private topic(id: string, stage: AwsStage): Topic {
    const topic = new Topic(this, id, {
      topicName: `dukenet-${stage.name}-alarms-${id.toLowerCase()}`,
      enforceSSL: true,
    });
    topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    if (stage.alarmEmail) topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    return topic;
  }
}
