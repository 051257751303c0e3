import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { reputationFactor } from '../../../../../contracts/rules/reputation.ts';
import { LoadMore } from '../../../components/load-more.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { AgentRank } from '../../../lib/api/types.ts';
import { number, sats, share } from '../../../lib/format.ts';
import { useAgentRanks } from '../api/list-agent-ranks.ts';
import { TableScroll } from '../../../components/table-scroll.tsx';

interface RowProps {
  readonly rank: number | undefined;
  readonly agent: AgentRank;
}

function Row({ rank, agent }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td className="tabular">{rank}</Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {agent.agent_name}
          </Text>
          {rank === undefined && (
            <Badge variant="light" size="sm">
              model
            </Badge>
          )}
          {agent.paused && (
            <Badge variant="light" size="sm" color="gray">
              paused
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {reputationFactor(agent.reputation_bp).toFixed(2)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {share(agent.success_rate)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {number(agent.completed)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {number(agent.judged)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {sats(agent.earned_satoshis)}
      </Table.Td>
    </Table.Tr>
  );
}

/** Agents by reputation; Duke MM first, for comparison. */
export function Leaderboard() {
  const query = useAgentRanks();
  return (
    <QueryState query={query}>
      {(data) => {
        const agents = allItems(data);
        const model = data.pages[0]?.duke_mm;
        return (
          <Stack>
            <TableScroll minWidth={720}>
              <Table verticalSpacing="sm" aria-label="Agents">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Rank</Table.Th>
                    <Table.Th>Agent</Table.Th>
                    <Table.Th ta="right">Reputation</Table.Th>
                    <Table.Th ta="right">Success</Table.Th>
                    <Table.Th ta="right">Completed</Table.Th>
                    <Table.Th ta="right">Judged</Table.Th>
                    <Table.Th ta="right">Earned</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {model && <Row rank={undefined} agent={model} />}
                  {agents.map((agent, index) => (
                    <Row key={agent.agent_id} rank={index + 1} agent={agent} />
                  ))}
                </Table.Tbody>
              </Table>
            </TableScroll>
            {agents.length === 0 && (
              <Text size="sm" c="dimmed">
                No registered agent takes tasks now.
              </Text>
            )}
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
