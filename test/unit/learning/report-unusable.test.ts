import { afterEach, describe, expect, it, vi } from 'vitest';
import { UNUSABLE_METRIC } from '../../../contracts/learning/unusable-metric.ts';
import { unusableShare } from '../../../contracts/learning/unusable.ts';
import type { UnusableData } from '../../../contracts/learning/unusable.ts';
import { unusableReporter } from '../../../lambdas/learning/pipeline/report-unusable.ts';
import { logger } from '../../../lambdas/shared/logger.ts';

const found = (changes: Partial<UnusableData>): UnusableData => ({
  outcomes: 0,
  of_outcomes: 0,
  families: 0,
  of_families: 0,
  entries: [],
  ...changes,
});

describe('the unusable share of a run', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('is the largest share of outcomes or families of any step, and 0 without data', () => {
    expect(unusableShare({})).toBe(0);
    expect(unusableShare({ prepare: found({}), train: found({ outcomes: 3 }) })).toBe(0);
    const prepare = found({ outcomes: 1, of_outcomes: 100 });
    expect(unusableShare({ prepare, train: found({ families: 3, of_families: 20 }) })).toBe(0.15);
    expect(unusableShare({ prepare, evaluate: found({ outcomes: 9, of_outcomes: 4 }) })).toBe(1);
  });

  it('is published under the metric name and dimensions that the alarm watches', () => {
    // Written to the console of the test instead of the process.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    const written: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((text: string) => void written.push(text));
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    const report = unusableReporter('dev');
    report('run', { train: found({ outcomes: 7, of_outcomes: 100 }) });
    report('run', {});
    const metrics = written.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(metrics.map((metric) => metric[UNUSABLE_METRIC.name])).toEqual([expect.closeTo(7, 9), 0]);
    for (const metric of metrics) {
      expect(metric).toMatchObject({
        ...UNUSABLE_METRIC.dimensions('dev'),
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: UNUSABLE_METRIC.namespace,
              Dimensions: [Object.keys(UNUSABLE_METRIC.dimensions('dev'))],
              Metrics: [{ Name: UNUSABLE_METRIC.name, Unit: 'Percent' }],
            },
          ],
        },
      });
    }
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
