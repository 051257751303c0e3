import { Dashboard, GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { TASKS_ASIDE } from '../../contracts/events/metrics.ts';
import { ALARM_PERIOD } from '../shared/alarm.ts';
import type { AwsStage } from '../stage-config.ts';

export interface OperationsProps {
  readonly stage: AwsStage;
  readonly apiId: string;
  /** Those that a task passes, by what waits in them. */
  readonly queues: Readonly<Record<string, IQueue>>;
  /** Consumes the stream of the table. */
  readonly router: IFunction;
  readonly endpointName: string;
  readonly machineArn: string;
}

/** One dashboard that follows a task from the request to its money, and saved queries for the logs of all functions. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    dashboard(this, props);
    savedQueries(this, props.stage);
  }
}

function dashboard(scope: Construct, props: OperationsProps): Dashboard {
  const { stage, apiId, queues, router, endpointName, machineArn } = props;
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
    metric('AWS/SageMaker', name, statistic, { EndpointName: endpointName, VariantName: 'duke-mm' });
  const ofQueues = (name: string, statistic: string): IMetric[] =>
    Object.entries(queues).map(([label, queue]) =>
      metric('AWS/SQS', name, statistic, { QueueName: queue.queueName }).with({ label }),
    );
  const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: 8 });
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `dukenet-${stage.name}`,
    widgets: [
      [
        graph('Requests', [ofApi('Count', 'Sum'), ofApi('4xx', 'Sum'), ofApi('5xx', 'Sum')]),
        graph('Latency of the API, ms', [ofApi('Latency', 'p50'), ofApi('Latency', 'p99')]),
        graph('Delay of events, ms', [
          router.metric('IteratorAge', { statistic: 'Maximum', period: ALARM_PERIOD }),
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
            metric('AWS/States', `Executions${end}`, 'Sum', { StateMachineArn: machineArn }),
          ),
        ),
      ],
    ],
  });
}

/** Questions of the runbook. Logs Insights takes the groups by their prefix. */
const QUERIES: Readonly<Record<string, QueryString>> = {
  errors: new QueryString({
    fields: ['@timestamp', 'service', 'message', 'error.name', 'error.message', '@log'],
    filterStatements: ['level = "ERROR"'],
    sort: '@timestamp desc',
    limit: 200,
  }),
  'one-task': new QueryString({
    fields: ['@timestamp', 'service', 'level', 'message'],
    filterStatements: ['@message like "<task id>"'],
    sort: '@timestamp asc',
    limit: 1000,
  }),
  'slowest-invocations': new QueryString({
    fields: ['@timestamp', '@log', 'record.metrics.durationMs', 'record.requestId'],
    filterStatements: ['type = "platform.report"'],
    sort: 'record.metrics.durationMs desc',
    limit: 50,
  }),
  'memory-by-function': new QueryString({
    filterStatements: ['type = "platform.report"'],
    statsStatements: [
      'max(record.metrics.maxMemoryUsedMB) as used, max(record.metrics.memorySizeMB) as size by @log',
    ],
    sort: 'used desc',
  }),
};

function savedQueries(scope: Construct, stage: AwsStage): void {
  for (const [name, queryString] of Object.entries(QUERIES))
    new QueryDefinition(scope, `Query-${name}`, {
      queryDefinitionName: `dukenet-${stage.name}/${name}`,
      queryString,
    });
}
