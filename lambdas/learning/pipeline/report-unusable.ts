import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { unusableShare } from '../../../contracts/learning/unusable.ts';
import type { UnusableOfRun } from '../../../contracts/learning/unusable.ts';
import { logger } from '../../shared/logger.ts';
import { UNUSABLE_METRIC } from '../../../contracts/learning/unusable-metric.ts';

/** Reports to operators how much of a run's data could not be used. */
export type ReportUnusable = (runId: string, unusable: UnusableOfRun) => void;

/** Reports as a metric in the log (CloudWatch embedded metric format), and, if there is any, as a warning with the reasons. */
export function unusableReporter(stage: string): ReportUnusable {
  const { service, ...dimensions } = UNUSABLE_METRIC.dimensions(stage);
  const metrics = new Metrics({ namespace: UNUSABLE_METRIC.namespace, serviceName: service });
  return (runId, unusable) => {
    const share = unusableShare(unusable);
    const metric = metrics.singleMetric();
    metric.addDimensions(dimensions);
    metric.addMetric(UNUSABLE_METRIC.name, MetricUnit.Percent, 100 * share);
    if (share > 0) logger.warn('training data could not be used', { run_id: runId, share, unusable });
  };
}
