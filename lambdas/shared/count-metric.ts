import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName } from '../../contracts/events/metrics.ts';

/** Writes a count in CloudWatch's embedded metric format to the log, unbuffered. */
export function countMetric(metric: MetricName, stage: string): (count: number) => void {
  const { service, ...dimensions } = metric.dimensions(stage);
  const metrics = new Metrics({ namespace: metric.namespace, serviceName: service });
  return (count) => {
    const single = metrics.singleMetric();
    single.addDimensions(dimensions);
    single.addMetric(metric.name, MetricUnit.Count, count);
  };
}
