export interface Point {
  readonly x: number;
  /** Null: nothing was measured there, and the line has a gap. */
  readonly y: number | null;
}

export interface Series {
  readonly name: string;
  /** One of the four looks of charts.module.css; each has a colour and a dash of its own. */
  readonly look: 'first' | 'second' | 'third' | 'guide';
  readonly points: readonly Point[];
  /** Drawn, but neither in the table nor read out: a diagonal, a floor. */
  readonly guide?: boolean;
}

/** A vertical line with a word: what happened there. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

export const measured = (series: Series): boolean => !series.guide;

/** Every x that any of the series has, in order. */
export const allX = (series: readonly Series[]): number[] =>
  [...new Set(series.filter(measured).flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  );

export const at = (series: Series, x: number): number | null =>
  series.points.find((point) => point.x === x)?.y ?? null;

/** Runs of points without a gap. */
export function pieces(points: readonly Point[]): { x: number; y: number }[][] {
  const found: { x: number; y: number }[][] = [[]];
  for (const { x, y } of points) {
    if (y === null) found.push([]);
    else found.at(-1)?.push({ x, y });
  }
  return found.filter((piece) => piece.length > 0);
}
