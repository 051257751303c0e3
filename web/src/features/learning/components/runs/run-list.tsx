import { Card, EmptyState, Group, Stack, Text } from '@mantine/core';
import { IconTimeline } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { LoadMore } from '../../../../components/load-more.tsx';
import { QueryState } from '../../../../components/query-state.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import type { TrainingRunSummary } from '../../../../lib/api/types.ts';
import { count, dateTime, duration } from '../../../../lib/format.ts';
import { useRuns } from '../../api/list-runs.ts';
import { sentence, TRIGGER } from '../../words.ts';
import { RunBadge } from '../state-badge.tsx';

function RunCard({ run }: { run: TrainingRunSummary }) {
  const facts = [
    dateTime(run.created_at),
    ...(run.finished_at
      ? [`took ${duration(Date.parse(run.finished_at) - Date.parse(run.created_at))}`]
      : []),
    ...(run.data ? [count(run.data.train, 'outcome')] : []),
    ...(run.epochs > 0 ? [count(run.epochs, 'epoch')] : []),
  ];
  const why = run.failure ? `${run.failure.step}: ${run.failure.cause || run.failure.error}` : run.reasons[0];
  return (
    <Link to="/model/runs/$runId" params={{ runId: run.id }} className="bare-link">
      <Card withBorder padding="md">
        <Stack gap={6}>
          <Group justify="space-between" wrap="nowrap" gap="md">
            <Text fw={600} lineClamp={1}>
              {run.version ? `Version ${run.version}` : 'No version'} · {TRIGGER[run.trigger.reason]}
            </Text>
            <RunBadge status={run.status} />
          </Group>
          <Text size="sm" c="dimmed">
            {facts.join(' · ')}
          </Text>
          {why && (
            <Text size="sm" lineClamp={2} {...(run.failure && { className: 'trouble' })}>
              {sentence(why)}
            </Text>
          )}
        </Stack>
      </Card>
    </Link>
  );
}

/** All runs, newest first; administrators only. */
export function RunList() {
  const query = useRuns();
  return (
    <QueryState query={query}>
      {(data) => {
        const runs = allItems(data);
        if (runs.length === 0)
          return (
            <EmptyState
              icon={<IconTimeline aria-hidden />}
              title="No run yet"
              description="A run begins every night, after enough new outcomes, when the success rate falls, or when you ask for one."
            />
          );
        return (
          <Stack>
            <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
              {runs.map((run) => (
                <li key={run.id}>
                  <RunCard run={run} />
                </li>
              ))}
            </Stack>
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
