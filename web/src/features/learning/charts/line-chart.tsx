import { useElementSize } from '@mantine/hooks';
import { useState, type PointerEvent } from 'react';
import classes from './charts.module.css';
import { rangeOf, scale, ticks, type Range } from './scale.ts';
import { allX, measured, pieces, type Mark, type Series } from './series.ts';

interface Axis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Shorter than `format`, beside the axis. */
  readonly tick?: (value: number) => string;
}
export interface Axes {
  readonly x: Axis & { /** Nothing between whole numbers: days, epochs. */ readonly whole?: boolean };
  readonly y: Axis;
  readonly xRange?: Range;
  readonly yRange?: Range;
}
interface Props extends Axes {
  /** What the chart tells, for those who do not see it. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
  readonly height?: number;
  /** Told where the pointer is, null where it has left. */
  readonly onPoint?: (x: number | null) => void;
}

/** Where nothing measures the page: in tests, and until the first layout. */
const WIDTH = 600;
const EDGE = { left: 48, right: 12, top: 18, bottom: 34 };
/** Up to so many points each has a dot. */
const DOTS = 40;

interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

const tickOf = ({ tick, format }: Axis) => tick ?? format;

function Ticks({ plot, axes, xs, ys }: { plot: Plot; axes: Axes; xs: number[]; ys: number[] }) {
  const { width, height, x, y } = plot;
  return (
    <g aria-hidden>
      {ys.map((value) => (
        <g key={value}>
          <line className={classes.grid} x1={EDGE.left} x2={width - EDGE.right} y1={y(value)} y2={y(value)} />
          <text x={EDGE.left - 6} y={y(value) + 4} textAnchor="end">
            {tickOf(axes.y)(value)}
          </text>
        </g>
      ))}
      {xs.map((value) => (
        <text key={value} x={x(value)} y={height - EDGE.bottom + 16} textAnchor="middle">
          {tickOf(axes.x)(value)}
        </text>
      ))}
      <text x={width - EDGE.right} y={height - 2} textAnchor="end">
        {axes.x.label}
      </text>
    </g>
  );
}

function Line({ series, plot }: { series: Series; plot: Plot }) {
  const parts = pieces(series.points);
  const dots = measured(series) && series.points.length <= DOTS;
  return (
    <g className={classes[series.look]}>
      {parts.map((piece) => (
        <polyline
          key={piece[0]?.x}
          className={classes.line}
          points={piece.map(({ x, y }) => `${plot.x(x).toFixed(1)},${plot.y(y).toFixed(1)}`).join(' ')}
        />
      ))}
      {parts
        .filter((piece) => dots || piece.length === 1)
        .flat()
        .map(({ x, y }) => (
          <circle key={x} className={classes.dot} cx={plot.x(x)} cy={plot.y(y)} r={3} />
        ))}
    </g>
  );
}

function Marks({ marks, plot }: { marks: readonly Mark[]; plot: Plot }) {
  return (
    <g aria-hidden className={classes.mark}>
      {marks.map(({ x, label }) => (
        <g key={label}>
          <line x1={plot.x(x)} x2={plot.x(x)} y1={EDGE.top} y2={plot.height - EDGE.bottom} />
          <text x={plot.x(x)} y={EDGE.top - 6} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

function Cursor({ x, height }: { x: number; height: number }) {
  return <line className={classes.cursor} x1={x} x2={x} y1={EDGE.top} y2={height - EDGE.bottom} />;
}

const nearest = (xs: readonly number[], wanted: number): number | null =>
  xs.reduce<number | null>(
    (best, x) => (best === null || Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best),
    null,
  );

/** Where values lie, for a chart of this size. */
function plotOf(series: readonly Series[], axes: Axes, width: number, height: number) {
  const ys = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
  const xRange = axes.xRange ?? rangeOf(allX(series), 0) ?? [0, 1];
  const yRange = axes.yRange ?? rangeOf(ys) ?? [0, 1];
  const inside: Range = [EDGE.left, width - EDGE.right];
  const plot: Plot = {
    width,
    height,
    x: scale(xRange, inside),
    y: scale(yRange, [height - EDGE.bottom, EDGE.top]),
  };
  return { xRange, yRange, inside, plot };
}

/** Lines over a common axis, as wide as there is room. The words and the table beside it are `Chart`. */
export function LineChart({ label, series, marks = [], height = 220, onPoint, ...axes }: Props) {
  const { ref, width: measuredWidth } = useElementSize();
  const [cursor, setCursor] = useState<number | null>(null);
  const width = measuredWidth || WIDTH;
  const xs = allX(series);
  const { xRange, yRange, inside, plot } = plotOf(series, axes, width, height);
  const xTicks = ticks(xRange, Math.max(2, Math.floor(width / 80)));
  const point = (x: number | null) => {
    setCursor(x);
    onPoint?.(x);
  };
  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left;
    point(nearest(xs, scale(inside, xRange)(event.clientX - left)));
  };
  return (
    <div ref={ref}>
      <svg
        className={classes.svg}
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        role="img"
        aria-label={label}
        onPointerMove={follow}
        onPointerDown={follow}
        onPointerLeave={() => point(null)}
      >
        <Ticks
          plot={plot}
          axes={axes}
          xs={axes.x.whole ? xTicks.filter(Number.isInteger) : xTicks}
          ys={ticks(yRange)}
        />
        <Marks marks={marks} plot={plot} />
        {series.map((one) => (
          <Line key={one.name} series={one} plot={plot} />
        ))}
        {cursor !== null && <Cursor x={plot.x(cursor)} height={height} />}
      </svg>
    </div>
  );
}
