import { SimpleGrid } from '@mantine/core';
import { useMemo, useState } from 'react';
import { WINDOWS as WINDOW_HOURS } from '../../../../../contracts/api/admin.ts';
import type { Axes } from '../../../components/charts/axes.ts';
import { Chart } from '../../../components/charts/chart.tsx';
import type { Series } from '../../../components/charts/series.ts';
import { Panel } from '../../../components/panel.tsx';
import type { FigurePoint } from '../../../lib/api/types.ts';
import { number, sats, share, shareTick } from '../../../lib/format.ts';
import type { Window } from '../api/get-system-metrics.ts';
import { bucketsOf, HOUR_MS, type Bucket } from '../hours.ts';

const MAX_HOURLY = 48;
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const COUNTS = { label: 'Tasks', format: number };
const SHARES = { label: 'Share', format: share, tick: shareTick };
const MONEY = { label: 'Satoshis', format: sats, tick: number };

interface Props {
  readonly hours: readonly FigurePoint[];
  readonly window: Window;
}

/** Throughput, quality and money of the window, by hour or by day. */
export function MetricsOverTime({ hours, window }: Props) {
  const [now] = useState(Date.now);
  const windowHours = WINDOW_HOURS[window];
  const buckets = useMemo(() => bucketsOf(hours, windowHours, now), [hours, windowHours, now]);
  const hourly = windowHours <= MAX_HOURLY;
  const x: Axes['x'] = {
    label: hourly ? 'Hour' : 'Day',
    format: (hour) => (hourly ? time : date).format(new Date(hour * HOUR_MS)),
    whole: true,
  };
  const line = (name: string, look: Series['look'], of: (bucket: Bucket) => number | null): Series => ({
    name,
    look,
    points: buckets.map((bucket) => ({ x: bucket.hour, y: of(bucket) })),
  });
  return (
    <Panel title="Over time" description={hourly ? 'By hour, in your time zone' : 'By day'}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Chart
          title="Throughput"
          x={x}
          y={COUNTS}
          yRange={[0, 'auto']}
          series={[
            line('Posted', 'first', ({ posted }) => posted),
            line('Completed', 'third', ({ completed }) => completed),
            line('Failed', 'second', ({ failed }) => failed),
          ]}
        />
        <Chart
          title="Success and takeover"
          x={x}
          y={SHARES}
          yRange={[0, 1]}
          series={[
            line('Success', 'first', ({ success }) => success),
            line('Done by Duke MM', 'third', ({ takeover }) => takeover),
          ]}
        />
        <Chart
          title="Money out of escrow"
          x={x}
          y={MONEY}
          yRange={[0, 'auto']}
          series={[
            line('Paid to agents', 'third', (bucket) => bucket.released_satoshis),
            line('Returned to buyers', 'second', (bucket) => bucket.refunded_satoshis),
          ]}
        />
      </SimpleGrid>
    </Panel>
  );
}
