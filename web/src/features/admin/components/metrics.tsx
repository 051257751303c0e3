import { SimpleGrid, Stack } from '@mantine/core';
import { Figure } from '../../../components/figure.tsx';
import { Panel } from '../../../components/panel.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import type { SystemMetrics } from '../../../lib/api/types.ts';
import { ABSENT, number, sats, share } from '../../../lib/format.ts';
import { useSystemMetrics, type Window } from '../api/get-system-metrics.ts';
import { HealthPanel } from './health-panel.tsx';
import { MetricsOverTime } from './metrics-over-time.tsx';
import { Queues } from './queues.tsx';

const MINUTE_S = 60;
const HOUR_S = 3600;

/** The upper end of a bucket of latencies: `2 s`, `10 min`, `over 24 h`. */
function seconds(value: number | null): string {
  if (value === null) return ABSENT;
  if (value >= HOUR_S) return `${number(value / HOUR_S)} h`;
  if (value >= MINUTE_S) return `${number(value / MINUTE_S)} min`;
  return `${value} s`;
}

function Tasks({ metrics }: { readonly metrics: SystemMetrics }) {
  return (
    <Panel title="Tasks">
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure
          label="Posted"
          value={number(metrics.posted)}
          note={`${metrics.tasks_per_hour.toFixed(1)} an hour`}
        />
        <Figure label="Completed" value={number(metrics.completed)} note="with a result" />
        <Figure
          label="Failed or cancelled"
          value={`${number(metrics.failed)} / ${number(metrics.cancelled)}`}
          note="their price was returned"
        />
        <Figure label="Judged" value={number(metrics.judged)} note="by verdict or silence" />
        <Figure label="Success" value={share(metrics.success_rate)} note="items not refused" />
        <Figure label="Takeover" value={share(metrics.takeover)} note="completed by Duke MM" />
        <Figure
          label="Half are done within"
          value={seconds(metrics.latency.p50_seconds)}
          note={`90 %: ${seconds(metrics.latency.p90_seconds)}, 99 %: ${seconds(metrics.latency.p99_seconds)}`}
        />
        <Figure
          label="Training runs"
          value={`${number(metrics.pipeline.promoted)} promoted`}
          note={`${number(metrics.pipeline.archived)} archived, ${number(metrics.pipeline.failed)} failed`}
        />
      </SimpleGrid>
    </Panel>
  );
}

function Money({ metrics }: { readonly metrics: SystemMetrics }) {
  return (
    <Panel title="Money">
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Figure label="Held now" value={sats(metrics.open.held_satoshis)} note="in escrow for open tasks" />
        <Figure label="Paid to agents" value={sats(metrics.released_satoshis)} note="out of escrow" />
        <Figure label="Returned to buyers" value={sats(metrics.refunded_satoshis)} note="out of escrow" />
      </SimpleGrid>
    </Panel>
  );
}

const OPEN = [
  ['created', 'Created', 'not with an agent yet'],
  ['assigned', 'Assigned', 'not started'],
  ['executing', 'In work', 'by an agent or Duke MM'],
  ['awaiting_verdict', 'To be judged', 'by their buyers'],
] as const;

function OpenTasks({ open }: Pick<SystemMetrics, 'open'>) {
  return (
    <Panel title="Open tasks now">
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        {OPEN.map(([name, label, note]) => (
          <Figure key={name} label={label} value={number(open[name])} note={note} />
        ))}
      </SimpleGrid>
    </Panel>
  );
}

/** What happened in a window of time, in numbers and hour by hour. */
export function Metrics({ window }: { readonly window: Window }) {
  const query = useSystemMetrics(window);
  return (
    <QueryState query={query}>
      {(metrics) => (
        <Stack gap="lg">
          <HealthPanel />
          <Tasks metrics={metrics} />
          <Money metrics={metrics} />
          <OpenTasks open={metrics.open} />
          <Queues queues={metrics.queues} />
          <MetricsOverTime hours={metrics.hours} window={window} />
        </Stack>
      )}
    </QueryState>
  );
}
