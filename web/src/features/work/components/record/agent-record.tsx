import { SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { QueryState } from '../../../../components/query-state.tsx';
import { useAgent } from '../../api/get-agent.ts';
import { useSummary } from '../../api/get-summary.ts';
import { AssignmentsPanel } from './assignments-panel.tsx';
import { EarningsPanel, type Period } from './earnings-panel.tsx';
import { ReputationPanel } from './reputation-panel.tsx';
import { SettingsForm } from './settings-form.tsx';

/** Reputation, earnings, settings and history of the agent. */
export function AgentRecord() {
  const agent = useAgent();
  const [period, setPeriod] = useState<Period>(30);
  const summary = useSummary(30);
  return (
    <QueryState query={agent}>
      {(data) => (
        <Stack gap="lg">
          <EarningsPanel period={period} onPeriod={setPeriod} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <ReputationPanel agent={data} summary={summary.data} />
            <SettingsForm agent={data} />
          </SimpleGrid>
          <AssignmentsPanel />
        </Stack>
      )}
    </QueryState>
  );
}
