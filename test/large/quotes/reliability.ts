import type { QuotedTask } from './bench.ts';

const BIN_COUNT = 10;
/** 97.5 % quantile of the normal distribution. */
const Z = 1.96;

export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** Tasks whose stated odds lie in one bin, or that have something else in common. */
export interface ReliabilityRow {
  readonly name: string;
  readonly tasks: number;
  /** Mean of the stated odds. */
  readonly stated: number;
  /** Mean share of right answers, and its 95 % confidence interval over tasks. */
  readonly observed: number;
  readonly observedInterval: readonly [number, number];
  /** Share of tasks whose share of right answers lies in the stated interval; nominally 90 %. */
  readonly covered: number;
}

const isCovered = ({ share, quote: { interval } }: QuotedTask): boolean =>
  share >= interval[0] && share <= interval[1];

function rowOf(name: string, tasks: readonly QuotedTask[]): ReliabilityRow {
  const shares = tasks.map(({ share }) => share);
  const observed = mean(shares);
  const variance =
    shares.reduce((sum, share) => sum + (share - observed) ** 2, 0) / Math.max(1, shares.length - 1);
  const margin = Z * Math.sqrt(variance / shares.length);
  return {
    name,
    tasks: tasks.length,
    stated: mean(tasks.map(({ quote }) => quote.success_probability)),
    observed,
    observedInterval: [Math.max(0, observed - margin), Math.min(1, observed + margin)],
    covered: tasks.filter(isCovered).length / tasks.length,
  };
}

export const binOf = (probability: number): number =>
  Math.min(BIN_COUNT - 1, Math.floor(probability * BIN_COUNT));

/** One row for each value of a property, in order, without empty ones. */
export function reliabilityRows(
  tasks: readonly QuotedTask[],
  nameOf: (task: QuotedTask) => string,
): ReliabilityRow[] {
  return [...Map.groupBy(tasks, nameOf)]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([name, group]) => rowOf(name, group));
}

export const byStatedOdds = (tasks: readonly QuotedTask[]): ReliabilityRow[] =>
  reliabilityRows(tasks, ({ quote }) => {
    const low = (100 / BIN_COUNT) * binOf(quote.success_probability);
    return `${low} to ${low + 100 / BIN_COUNT} %`;
  });

/** Expected calibration error: mean distance of stated and observed over the bins, weighted by their tasks. */
export function expectedCalibrationError(tasks: readonly QuotedTask[]): number {
  const rows = byStatedOdds(tasks);
  return rows.reduce((sum, row) => sum + (row.tasks / tasks.length) * Math.abs(row.stated - row.observed), 0);
}

export const reliabilityTable = (title: string, rows: readonly ReliabilityRow[]): string =>
  [
    `| ${title} | tasks | stated | right | 95 % interval of right | within the stated interval |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ name, tasks, stated, observed, observedInterval: [low, high], covered }) =>
      [
        '',
        name,
        tasks,
        percent(stated),
        percent(observed),
        `${percent(low)} to ${percent(high)}`,
        percent(covered),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n');
