import { Dashboard, GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { TASKS_ASIDE } from '../../contracts/events/metrics.ts';
import { endpointName } from '../../contracts/naming.ts';
import type { AppStack } from '../app-stack.ts';
import { ALARM_PERIOD } from '../shared/alarm.ts';
import type { AwsStage } from '../stage-config.ts';

/** One dashboard that follows a task from the request to its money. */
export function dashboard(
  scope: Construct,
  { stage, app }: { readonly stage: AwsStage; readonly app: AppStack },
): Dashboard {
  const { apiId } = app.marketplace.api;
  const { created, chunks, done } = app.tasks;
  const queues = { created, chunks, done };
  const metric = (namespace: string, metricName: string, statistic: string, dimensionsMap: object): Metric =>
    new Metric({
      namespace,
      metricName,
      statistic,
      dimensionsMap: dimensionsMap as Record<string, string>,
      period: ALARM_PERIOD,
    });
  const ofApi = (name: string, statistic: string): IMetric =>
    metric('AWS/ApiGateway', name, statistic, { ApiId: apiId });
  const ofModel = (name: string, statistic: string): IMetric =>
    metric('AWS/SageMaker', name, statistic, {
      EndpointName: endpointName(stage.name),
      VariantName: 'duke-mm',
    });
  const ofQueues = (name: string, statistic: string): IMetric[] =>
    Object.entries(queues).map(([label, queue]) =>
      metric('AWS/SQS', name, statistic, { QueueName: queue.queue.queueName }).with({ label }),
    );
  const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 8 });
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `dukenet-${stage.name}`,
    widgets: [
      [
        graph('Requests', [ofApi('Count', 'Sum'), ofApi('4xx', 'Sum'), ofApi('5xx', 'Sum')]),
        graph('Latency of the API, ms', [ofApi('Latency', 'p50'), ofApi('Latency', 'p99')]),
        graph('Delay of events, ms', [
          app.events.router.metric('IteratorAge', { statistic: 'Maximum', period: ALARM_PERIOD }),
        ]),
      ],
      [
        graph('Waiting work', ofQueues('ApproximateNumberOfMessagesVisible', 'Maximum')),
        graph('Oldest work, seconds', ofQueues('ApproximateAgeOfOldestMessage', 'Maximum')),
        graph('Tasks that cannot be ended', [
          metric(TASKS_ASIDE.namespace, TASKS_ASIDE.name, 'Maximum', TASKS_ASIDE.dimensions(stage.name)),
        ]),
      ],
      [
        graph('Invocations of the model', [
          ofModel('Invocations', 'Sum'),
          ofModel('Invocation5XXErrors', 'Sum'),
        ]),
        graph('Latency of the model, µs', [ofModel('ModelLatency', 'p50'), ofModel('ModelLatency', 'p99')]),
        graph(
          'Training runs',
          ['Started', 'Succeeded', 'Failed', 'TimedOut', 'Aborted'].map((end) =>
            metric('AWS/States', `Executions${end}`, 'Sum', {
              StateMachineArn: app.learning.machine.machineArn,
            }),
          ),
        ),
      ],
    ],
  });
}
