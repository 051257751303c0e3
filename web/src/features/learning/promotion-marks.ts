import type { Mark } from '../../components/charts/series.ts';
import type { ModelVersion } from '../../lib/api/types.ts';
import { dayOf } from '../../lib/days.ts';

/** Where a version came into production, by its name: `v2`. Several on one day share a mark. */
export function promotionMarks(versions: readonly ModelVersion[], days: readonly number[]): Mark[] {
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const byDay = new Map<number, string[]>();
  for (const { version, promoted_at } of versions) {
    const x = promoted_at === null ? -1 : dayOf(promoted_at);
    if (x >= first && x <= last) byDay.set(x, [`v${version}`, ...(byDay.get(x) ?? [])]);
  }
  return [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([x, names]) => ({
      x,
      label: names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', '),
    }));
}
