import type { FigurePoint } from '../../lib/api/types.ts';

export const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

type Counted = 'posted' | 'completed' | 'failed' | 'released_satoshis' | 'refunded_satoshis';
export interface Bucket extends Pick<FigurePoint, Counted> {
  /** Begin, in hours since the epoch. */
  readonly hour: number;
  /** Mean over the judged results; null without any. */
  readonly success: number | null;
  /** Share of the completed tasks that Duke MM did; null without any. */
  readonly takeover: number | null;
}

const sum = (points: readonly FigurePoint[], name: Counted | 'judged' | 'by_duke_mm'): number =>
  points.reduce((total, point) => total + point[name], 0);

function bucketOf(hour: number, points: readonly FigurePoint[]): Bucket {
  const judged = sum(points, 'judged');
  const completed = sum(points, 'completed');
  const successes = points.reduce((total, point) => total + (point.success_rate ?? 0) * point.judged, 0);
  return {
    hour,
    posted: sum(points, 'posted'),
    completed,
    failed: sum(points, 'failed'),
    released_satoshis: sum(points, 'released_satoshis'),
    refunded_satoshis: sum(points, 'refunded_satoshis'),
    success: judged === 0 ? null : successes / judged,
    takeover: completed === 0 ? null : sum(points, 'by_duke_mm') / completed,
  };
}

/**
 * The hours of a window without gaps: an hour in which nothing happened counts nothing. Over more than two days the hours of
 * a day are one bucket.
 */
export function bucketsOf(points: readonly FigurePoint[], windowHours: number, now: number): Bucket[] {
  const size = windowHours > 2 * DAY_HOURS ? DAY_HOURS : 1;
  const bucket = (ms: number): number => Math.floor(ms / HOUR_MS / size);
  const byBucket = Map.groupBy(points, ({ from }) => bucket(Date.parse(from)));
  const last = bucket(now);
  const first = bucket(now - (windowHours - 1) * HOUR_MS);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    bucketOf((first + i) * size, byBucket.get(first + i) ?? []),
  );
}
