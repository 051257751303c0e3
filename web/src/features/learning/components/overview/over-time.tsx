import { EmptyState, SimpleGrid } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import type { ModelMetrics, ModelVersion } from '../../../../lib/api/types.ts';
import { share, shareTick } from '../../figures.ts';
import { Chart } from '../../charts/chart.tsx';
import type { Mark } from '../../charts/line-chart.tsx';
import { Panel } from '../panel.tsx';

const DAY_MS = 24 * 3_600_000;
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const number = (iso: string): number => Math.floor(Date.parse(iso) / DAY_MS);
const DAYS = { label: 'Day', format: (x: number) => day.format(new Date(x * DAY_MS)), whole: true };
const SHARES = { label: 'Share', format: share, tick: shareTick };

/** Where a version came into production, by its name: `v2`. Several on one day share a mark. */
export function promotionMarks(versions: readonly ModelVersion[], days: readonly number[]): Mark[] {
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const byDay = new Map<number, string[]>();
  for (const { version, promoted_at } of versions) {
    const x = promoted_at === null ? -1 : number(promoted_at);
    if (x >= first && x <= last) byDay.set(x, [`v${version}`, ...(byDay.get(x) ?? [])]);
  }
  return [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([x, names]) => ({
      x,
      label: names.length > 2 ? `${names[0]} … ${names.at(-1)}` : names.join(', '),
    }));
}

interface Props {
  takeover: ModelMetrics['takeover'];
  /** Those that are known, newest first: marks in the charts. */
  versions: readonly ModelVersion[];
}

/** How much of the work Duke MM does, and how well it is done, day by day. */
export function OverTime({ takeover, versions }: Props) {
  const days = takeover.map((one) => number(one.day));
  const marks = promotionMarks(versions, days);
  if (takeover.length === 0)
    return (
      <Panel title="Over time">
        <EmptyState
          icon={<IconChartLine aria-hidden />}
          title="Nothing judged yet"
          description="Success and takeover are drawn here from the first verdict on."
        />
      </Panel>
    );
  return (
    <Panel
      title="Over time"
      description="Tasks by the day they were judged. A mark: a version came into production."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Chart
          title="Success rate"
          description="Mean share of a task's items that was not refused"
          x={DAYS}
          y={SHARES}
          marks={marks}
          series={[
            {
              name: 'Duke MM',
              look: 'first',
              points: takeover.map((one) => ({ x: number(one.day), y: one.duke_mm_success_rate })),
            },
            {
              name: 'All work',
              look: 'second',
              points: takeover.map((one) => ({ x: number(one.day), y: one.success_rate })),
            },
          ]}
        />
        <Chart
          title="Takeover"
          description="Share of the tasks that Duke MM did"
          x={DAYS}
          y={SHARES}
          yRange={[0, 1]}
          marks={marks}
          series={[
            {
              name: 'Done by Duke MM',
              look: 'third',
              points: takeover.map((one) => ({
                x: number(one.day),
                y: one.judged > 0 ? one.duke_mm / one.judged : null,
              })),
            },
          ]}
        />
      </SimpleGrid>
    </Panel>
  );
}
