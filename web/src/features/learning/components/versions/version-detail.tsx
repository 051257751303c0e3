import { Alert, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { QueryState } from '../../../../components/query-state.tsx';
import type { ModelMetrics, ModelVersion } from '../../../../lib/api/types.ts';
import { useModelMetrics } from '../../api/get-metrics.ts';
import { Curves } from '../../charts/curves.tsx';
import { Importance } from '../../charts/importance.tsx';
import { Reliability } from '../../charts/reliability.tsx';
import { Panel } from '../../../../components/panel.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { FamilyPanel } from './family-panel.tsx';
import { FlipsBar } from './flips.tsx';
import { GatePanel } from './gate-panel.tsx';
import { VersionFacts } from './version-facts.tsx';

/** All findings of the evaluation: champion and challenger. */
function Evaluation({ metrics }: { metrics: ModelMetrics }) {
  const { candidate, production, compared_with, flips } = metrics;
  if (!candidate)
    return (
      <Panel title="Evaluation">
        <Text size="sm" c="dimmed">
          This version was not evaluated: there was no test data yet.
        </Text>
      </Panel>
    );
  const names = [`Version ${metrics.version}`, `Version ${compared_with ?? '–'}`] as const;
  return (
    <>
      <Panel title={production ? `${names[0]} beside ${names[1]}` : 'Evaluation'}>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
          <ComparisonTable candidate={candidate} production={production} names={names} />
          <Stack gap="xl">
            <Reliability
              candidate={{ name: names[0], scores: candidate }}
              production={production && { name: names[1], scores: production }}
            />
            {metrics.feature_importance.length > 0 && (
              <Importance
                caption="Permutation importance: the drop in accuracy when values are shuffled between items, by type of field"
                fields={metrics.feature_importance}
              />
            )}
          </Stack>
        </SimpleGrid>
        {flips && <FlipsBar flips={flips} production={names[1]} />}
      </Panel>
      <FamilyPanel families={metrics.families} names={names} />
      {metrics.curves.length > 0 && (
        <Panel title="Curves">
          <Curves curves={metrics.curves} />
        </Panel>
      )}
    </>
  );
}

export function VersionDetail({ version, admin }: { version: ModelVersion; admin: boolean }) {
  const metrics = useModelMetrics(version.version);
  return (
    <Stack gap="lg">
      {version.failure_reason && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This version was never trained">
          {version.failure_reason}
        </Alert>
      )}
      {version.rollback_reason && (
        <Alert color="orange" icon={<IconAlertCircle aria-hidden />} title="This version was rolled back">
          {version.rollback_reason}
        </Alert>
      )}
      <VersionFacts version={version} modelCardUrl={metrics.data?.model_card_url ?? null} admin={admin} />
      {version.state !== 'failed' && (
        <>
          <GatePanel gate={version.gate} rules={metrics.data?.gate_rules ?? []} />
          <QueryState query={metrics}>{(data) => <Evaluation metrics={data} />}</QueryState>
        </>
      )}
    </Stack>
  );
}
