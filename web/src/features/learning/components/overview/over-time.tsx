import { EmptyState, SimpleGrid } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import type { ModelMetrics, ModelVersion } from '../../../../lib/api/types.ts';
import { share, shareTick } from '../../figures.ts';
import { dayFormat, dayOf } from '../../../../lib/days.ts';
import { promotionMarks } from '../../promotion-marks.ts';
import { Chart } from '../../../../components/charts/chart.tsx';
import { Panel } from '../../../../components/panel.tsx';

const DAYS = { label: 'Day', format: dayFormat, whole: true };
const SHARES = { label: 'Share', format: share, tick: shareTick };

interface Props {
  takeover: ModelMetrics['takeover'];
  /** Known versions, newest first, for marks in the charts. */
  versions: readonly ModelVersion[];
}

/** Share and success rate of Duke MM's work by day. */
export function OverTime({ takeover, versions }: Props) {
  const days = takeover.map((one) => dayOf(one.day));
  const marks = promotionMarks(versions, days);
  if (takeover.length === 0)
    return (
      <Panel title="Over time">
        <EmptyState
          icon={<IconChartLine aria-hidden />}
          title="Nothing judged yet"
          description="Success and takeover appear here after the first verdict."
        />
      </Panel>
    );
  return (
    <Panel title="Over time" description="Tasks by day of verdict. Vertical lines mark promotions.">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Chart
          title="Success rate"
          description="Mean share of items per task that were not refused"
          x={DAYS}
          y={SHARES}
          yRange={['auto', 1]}
          marks={marks}
          series={[
            {
              name: 'Duke MM',
              look: 'first',
              points: takeover.map((one) => ({ x: dayOf(one.day), y: one.duke_mm_success_rate })),
            },
            {
              name: 'All work',
              look: 'second',
              points: takeover.map((one) => ({ x: dayOf(one.day), y: one.success_rate })),
            },
          ]}
        />
        <Chart
          title="Takeover"
          description="Share of tasks done by Duke MM"
          x={DAYS}
          y={SHARES}
          yRange={[0, 1]}
          marks={marks}
          series={[
            {
              name: 'Done by Duke MM',
              look: 'third',
              points: takeover.map((one) => ({
                x: dayOf(one.day),
                y: one.judged > 0 ? one.duke_mm / one.judged : null,
              })),
            },
          ]}
        />
      </SimpleGrid>
    </Panel>
  );
}
