import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { AppStack } from '../app-stack.ts';
import { alarm, ALARM_PERIOD } from '../shared/alarm.ts';
import { WorkQueue } from '../shared/work-queue.ts';

/** Messages are handled within seconds; a failed one comes again after six times the worker's timeout, 12 minutes at most. */
const MAX_AGE = Duration.minutes(15);
/** Changes reach their consumers within a second. */
const MAX_LAG = Duration.minutes(1);
/** Cold starts take under two. */
const MAX_LATENCY = Duration.seconds(5);

/** Alarms on work that waits, events that are late and requests that are slow: for every queue with a worker, and the API. */
export function experienceAlarms(scope: Construct, app: AppStack): void {
  for (const node of app.node.findAll()) if (node instanceof WorkQueue) ageAlarm(scope, node);
  alarm(scope, 'LagAlarm', {
    severity: 'high',
    runbook: 'Events are late',
    summary: `Changes of the table are published ${MAX_LAG.toSeconds()} seconds late or more: tasks start late, pages show old states`,
    metric: app.events.router.metric('IteratorAge', { statistic: 'Maximum', period: ALARM_PERIOD }),
    threshold: MAX_LAG.toMilliseconds(),
  });
  latencyAlarm(scope, app);
}

function ageAlarm(scope: Construct, { node, queue, severity }: WorkQueue): void {
  const name = node.path.split('/').slice(1).join('');
  alarm(scope, `${name}Age`, {
    severity,
    runbook: 'Work waits in a queue',
    summary: `The oldest message of ${name} waits for ${MAX_AGE.toMinutes()} minutes or longer`,
    metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: ALARM_PERIOD }),
    threshold: MAX_AGE.toSeconds(),
  });
}

/** Of one route: others may wait for the end of a task, if the caller prefers that. */
function latencyAlarm(scope: Construct, app: AppStack): void {
  alarm(scope, 'LatencyAlarm', {
    severity: 'high',
    runbook: 'The API is slow',
    summary: `One of a hundred requests that list tasks takes ${MAX_LATENCY.toSeconds()} seconds or longer`,
    metric: new Metric({
      namespace: 'AWS/ApiGateway',
      metricName: 'Latency',
      dimensionsMap: {
        ApiId: app.marketplace.api.apiId,
        Stage: '$default',
        Method: ROUTES.listTasks.method,
        Resource: `${BASE_PATH}${ROUTES.listTasks.path}`,
      },
      statistic: 'p99',
      period: ALARM_PERIOD,
    }),
    threshold: MAX_LATENCY.toMilliseconds(),
    evaluationPeriods: 3,
  });
}
