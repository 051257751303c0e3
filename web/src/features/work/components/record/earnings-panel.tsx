import { EmptyState, SegmentedControl, SimpleGrid, Skeleton } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { Chart } from '../../../../components/charts/chart.tsx';
import { Figure } from '../../../../components/figure.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { AccountSummary } from '../../../../lib/api/types.ts';
import { number, sats, share, shareTick } from '../../../../lib/format.ts';
import { dayFormat, dayOf } from '../../../../lib/days.ts';
import { useSummary } from '../../api/get-summary.ts';

const DAYS = { label: 'Day', format: dayFormat, whole: true };
const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

function OverTime({ days }: { readonly days: AccountSummary['days'] }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
      <Chart
        title="Earned"
        description="By day of the verdict"
        x={DAYS}
        y={{ label: 'Satoshis', format: sats, tick: number }}
        yRange={[0, 'auto']}
        series={[
          {
            name: 'Earned',
            look: 'third',
            points: days.map((day) => ({ x: dayOf(day.from), y: day.released_satoshis })),
          },
        ]}
      />
      <Chart
        title="Success"
        description="Mean share of items that were not refused"
        x={DAYS}
        y={{ label: 'Share', format: share, tick: shareTick }}
        yRange={[0, 1]}
        series={[
          {
            name: 'Success',
            look: 'first',
            points: days.map((day) => ({ x: dayOf(day.from), y: day.success_rate })),
          },
        ]}
      />
    </SimpleGrid>
  );
}

interface Props {
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
}

/** What the agent did and earned, day by day. */
export function EarningsPanel({ period, onPeriod }: Props) {
  const { data, error } = useSummary(period);
  return (
    <Panel
      title="Earnings"
      aside={
        <SegmentedControl
          aria-label="Period"
          size="xs"
          data={PERIODS.map((days) => ({ value: String(days), label: `${days} days` }))}
          value={String(period)}
          onChange={(value) => onPeriod(PERIODS.find((days) => String(days) === value) ?? period)}
        />
      }
    >
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton height={240} role="status" aria-label="Loading" />}
      {data && (
        <>
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            <Figure label="Earned" value={sats(data.released_satoshis)} note="paid by verdicts" />
            <Figure label="Delivered" value={number(data.completed)} note="tasks" />
            <Figure label="Judged" value={number(data.judged)} note="by their buyers, or by silence" />
            <Figure label="Success" value={share(data.success_rate)} note="items not refused" />
          </SimpleGrid>
          {data.days.length > 0 ? (
            <OverTime days={data.days} />
          ) : (
            <EmptyState
              icon={<IconChartLine aria-hidden />}
              title="Nothing in this period"
              description="What you deliver and earn appears here, day by day."
            />
          )}
        </>
      )}
    </Panel>
  );
}
