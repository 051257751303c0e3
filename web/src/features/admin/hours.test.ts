import { expect, it } from 'vitest';
import type { FigurePoint } from '../../lib/api/types.ts';
import { bucketsOf, HOUR_MS } from './hours.ts';

const point = (from: string, figures: Partial<FigurePoint> = {}): FigurePoint => ({
  from,
  ...{ posted: 1, completed: 1, failed: 0, cancelled: 0, by_duke_mm: 1, judged: 0 },
  ...{ released_satoshis: 0, refunded_satoshis: 0, success_rate: null, takeover: 1 },
  ...figures,
});
const now = Date.parse('2026-11-30T12:34:56Z');

it('has every hour of a day, including those without events', () => {
  const buckets = bucketsOf([point('2026-11-30T10:00:00Z', { posted: 3 })], 24, now);
  expect(buckets).toHaveLength(24);
  expect(buckets.at(-1)?.hour).toBe(Math.floor(now / HOUR_MS));
  expect(buckets.map(({ posted }) => posted)).toEqual([...Array<number>(21).fill(0), 3, 0, 0]);
});

it('counts a month by days, and weighs success by the judged results', () => {
  const points = [
    point('2026-11-29T01:00:00Z', { judged: 3, success_rate: 1 }),
    point('2026-11-29T23:00:00Z', { judged: 1, success_rate: 0, by_duke_mm: 0 }),
  ];
  const buckets = bucketsOf(points, 30 * 24, now);
  expect(buckets).toHaveLength(31);
  expect(buckets.at(-2)).toMatchObject({ completed: 2, success: 0.75, takeover: 0.5 });
  expect(buckets.at(-1)).toMatchObject({ completed: 0, success: null, takeover: null });
});

it('has one bucket for the current hour', () => {
  expect(bucketsOf([], 1, now)).toHaveLength(1);
});
