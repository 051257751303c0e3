import { Button, Skeleton, Stack } from '@mantine/core';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import { hasCode } from '../../../../lib/api/problem.ts';
import type { ModelStatus } from '../../../../lib/api/types.ts';
import { useModelMetrics } from '../../api/get-metrics.ts';
import { useFreshModel } from '../../api/get-status.ts';
import { useVersions } from '../../api/list-versions.ts';
import { CurrentRun } from './current-run.tsx';
import { NextRun } from './next-run.tsx';
import { OverTime } from './over-time.tsx';
import { Trials } from './trials.tsx';
import { ProductionCards } from './production-cards.tsx';

/** The version in production, the current run, and the history. */
export function Overview({ status, admin }: { status: ModelStatus; admin: boolean }) {
  useFreshModel(status);
  const metrics = useModelMetrics();
  const versions = useVersions();
  const nothingServes = hasCode(metrics.error, 'not_found');
  return (
    <Stack gap="lg">
      <ProductionCards status={status} metrics={metrics.data} />
      {metrics.error && !metrics.data && !nothingServes && (
        <ProblemAlert error={metrics.error}>
          <Button mt="sm" size="xs" variant="light" color="red" onClick={() => void metrics.refetch()}>
            Try again
          </Button>
        </ProblemAlert>
      )}
      {status.run && <CurrentRun run={status.run} queued={status.queued} admin={admin} />}
      <Trials trials={status.trials} />
      <NextRun status={status} />
      {metrics.isPending && <Skeleton height={260} role="status" aria-label="Loading" />}
      {(metrics.data || nothingServes) && (
        <OverTime
          takeover={metrics.data?.takeover ?? []}
          versions={versions.data ? allItems(versions.data) : []}
        />
      )}
    </Stack>
  );
}
