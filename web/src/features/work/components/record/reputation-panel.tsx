import { DataList, Progress, Text } from '@mantine/core';
import {
  MAX_REPUTATION_BP,
  MIN_REPUTATION_BP,
  PSEUDO_TASKS,
  REPUTATION_WINDOW,
  priorRate,
  reputationFactor,
} from '../../../../../../contracts/rules/reputation.ts';
import { Fact } from '../../../../components/fact.tsx';
import { Panel } from '../../../../components/panel.tsx';
import type { AccountSummary, Agent } from '../../../../lib/api/types.ts';
import { count, number, percent, share } from '../../../../lib/format.ts';

interface Props {
  readonly agent: Agent;
  readonly summary: AccountSummary | undefined;
}

/** The factor that the agent's price is multiplied by, and what it is made of. */
export function ReputationPanel({ agent, summary }: Props) {
  const { reputation_bp, judged_total, missed_in_a_row } = agent;
  const filled = (reputation_bp - MIN_REPUTATION_BP) / (MAX_REPUTATION_BP - MIN_REPUTATION_BP);
  const [low, high] = [MIN_REPUTATION_BP, MAX_REPUTATION_BP].map(reputationFactor);
  return (
    <Panel
      title={`Reputation ${reputationFactor(reputation_bp)}`}
      description={`Your price is the base price × complexity × this factor, from ${low} to ${high}.`}
    >
      <Progress
        value={100 * filled}
        size="lg"
        aria-label={`Reputation ${reputationFactor(reputation_bp)}, from ${low} to ${high}`}
      />
      <DataList labelWidth={170}>
        <Fact label="Judged tasks">{number(judged_total)}</Fact>
        <Fact label="Success, last 30 days">{share(summary?.success_rate)}</Fact>
        <Fact label="Missed in a row">
          {missed_in_a_row === 0
            ? 'none'
            : `${count(missed_in_a_row, 'task')}: each counts as a failure when an agent is chosen`}
        </Fact>
      </DataList>
      <Text size="sm" c="dimmed">
        It follows the share of your items that buyers do not refuse, over your last {REPUTATION_WINDOW}{' '}
        judged tasks: {percent(0.7)} gives {low}, {percent(0.9)} and more gives {high}.
        {judged_total < REPUTATION_WINDOW &&
          ` Until then ${PSEUDO_TASKS} tasks with ${percent(priorRate(agent.agent_id))} success are counted in.`}
      </Text>
    </Panel>
  );
}
