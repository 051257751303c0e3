import { ChartTooltip, LineChart as MantineLineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import type { Axes } from './axes.ts';
import { allX, measured, rowsOf, type Mark, type Series } from './series.ts';

interface Props extends Axes {
  /** The text alternative of the chart. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly marks: readonly Mark[];
  /** Pixels. */
  readonly height: number;
}

const STYLES: Record<Series['look'], { color: string; strokeDasharray?: string }> = {
  first: { color: 'var(--chart-first)' },
  second: { color: 'var(--chart-second)', strokeDasharray: '7 4' },
  third: { color: 'var(--chart-third)', strokeDasharray: '2 4' },
  guide: { color: 'var(--chart-guide)', strokeDasharray: '3 5' },
};
/** Number of points above which single points have no dot. */
const MAX_DOTS = 40;

/** Lines over a common numeric axis. Loaded on demand, since the chart library is larger than the page. */
export default function LineChart({ label, series, marks, height, x, y, xRange, yRange }: Props) {
  const dots = allX(series).length <= MAX_DOTS;
  const lines = series.map((one, i) => ({ name: String(i), label: one.name, ...STYLES[one.look] }));
  const inTooltip = lines.filter((_, i) => measured(series[i]!));
  return (
    // The table of `Chart` has the same numbers, and serves keyboards and screen readers better than focusable
    // points.
    <div role="img" aria-label={label}>
      <MantineLineChart
        h={height}
        data={rowsOf(series)}
        dataKey="x"
        series={lines}
        curveType="linear"
        accessibilityLayer={false}
        lineProps={({ name }) => {
          const one = series[Number(name)]!;
          // Connects points across the x values of other series; an unmeasured point is a gap.
          const connectNulls = one.points.every((point) => point.y !== null);
          return { connectNulls, dot: dots && measured(one) && { r: 3, strokeDasharray: 'none' } };
        }}
        referenceLines={marks.map((mark) => ({ x: mark.x, label: mark.label, labelPosition: 'top' }))}
        lineChartProps={{ margin: { top: marks.length > 0 ? 20 : 8, right: 12, bottom: 24, left: 0 } }}
        valueFormatter={y.tick ?? y.format}
        xAxisLabel={x.label}
        xAxisProps={{
          type: 'number',
          domain: xRange ? [...xRange] : ['dataMin', 'dataMax'],
          tickFormatter: x.tick ?? x.format,
          allowDecimals: !x.whole,
        }}
        yAxisProps={{ domain: yRange ? [...yRange] : ['auto', 'auto'], width: 52 }}
        tooltipProps={{
          content: ({ label: at, payload }) => (
            <ChartTooltip
              label={typeof at === 'number' ? x.format(at) : ''}
              payload={inTooltip.flatMap(({ name }) => payload.filter((item) => item.dataKey === name))}
              series={inTooltip}
              valueFormatter={y.format}
            />
          ),
        }}
      />
    </div>
  );
}
