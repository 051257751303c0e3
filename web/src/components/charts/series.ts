export interface Point {
  readonly x: number;
  /** Null if nothing was measured, which leaves a gap in the line. */
  readonly y: number | null;
}

export interface Series {
  readonly name: string;
  /** One of the four styles of charts.module.css, which differ in colour and dash. */
  readonly look: 'first' | 'second' | 'third' | 'guide';
  readonly points: readonly Point[];
  /** Drawn, but not in the table or read out: a diagonal, a threshold. */
  readonly guide?: boolean;
}

/** A vertical line with a label, for an event. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

export const measured = (series: Series): boolean => !series.guide;

/** Every x of any series, in order. */
export const allX = (series: readonly Series[]): number[] =>
  [...new Set(series.filter(measured).flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );

export const at = (series: Series, x: number): number | null =>
  series.points.find((point) => point.x === x)?.y ?? null;

type Row = Record<string, number | null>;

/**
 * Rows by x, with the value of series `i` under the key `i`, as the chart library expects. A series with several
 * points at one x, such as bins of equal confidence, has several rows.
 */
export function rowsOf(series: readonly Series[]): Row[] {
  const rows = new Map<number, Row[]>();
  for (const [i, { points }] of series.entries()) {
    for (const { x, y } of points) {
      const atX = rows.get(x) ?? [];
      const free = atX.find((row) => !(i in row));
      if (free) free[i] = y;
      else rows.set(x, [...atX, { x, [i]: y }]);
    }
  }
  return [...rows.keys()].sort((a, b) => a - b).flatMap((x) => rows.get(x)!);
}
