import { AgentDay, AgentStats } from '../../../contracts/entities/agent.ts';
import type { JudgedTask } from '../../../contracts/entities/agent.ts';
import type { AgentId } from '../../../contracts/entities/common.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import { ALL_AGENTS, DAY_PREFIX, keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { reputationSteps } from './agent-steps.ts';
import { writeCount } from './count-once.ts';
import type { CountOutcome } from './count-once.ts';
import type { Table } from './table.ts';

/** A verdict on the work of one agent: on a task, or on the items that it reviewed. Each is counted once. */
export type CountedVerdict = JudgedTask & { readonly of?: 'task' | 'review' };

export interface AgentStore {
  stats(agentId: AgentId): Promise<AgentStats | undefined>;
  /** Writes the statistics after a batch of verdicts and marks each of their tasks as counted: all or nothing. */
  countVerdicts(
    stats: AgentStats,
    tasks: readonly Pick<CountedVerdict, 'task_id' | 'family' | 'share' | 'of'>[],
  ): Promise<CountOutcome>;
  /** Verdicts by day, oldest first, of the last `limit` days that have any; of one agent, or of all (`ALL_AGENTS`). */
  days(agentId: string, limit: number): Promise<AgentDay[]>;
}

export function agentStore(table: Table): AgentStore {
  return {
    async stats(agentId) {
      const item = await table.get(keys.agentStats(agentId), { consistent: true });
      return item && parseRecord(AgentStats, item);
    },
    countVerdicts: (stats, tasks) =>
      writeCount(
        table,
        {
          put: record('agent_stats', keys.agentStats(stats.agent_id), stats),
          revision: stats.revision,
        },
        tasks.map(({ task_id, of }) => ({
          task_id,
          put: record('judged', of === 'review' ? keys.judgedReview(task_id) : keys.judged(task_id), {
            created_at: stats.updated_at,
          }),
        })),
        [
          ...[stats.agent_id, ALL_AGENTS].map((agent) => dayStep(agent, stats.updated_at, tasks)),
          ...(stats.agent_id === DUKE_MM_ID ? [] : reputationSteps(stats, tasks)),
        ],
      ),
    async days(agentId, limit) {
      const { pk } = keys.agentDay(agentId, '');
      const items = await table.query({ pk, prefix: DAY_PREFIX, newestFirst: true, limit });
      return items.map((item) => parseRecord(AgentDay, item)).reverse();
    },
  };
}

/** Shares in basis points: integers sum exactly. */
const dayStep = (agent: string, at: string, tasks: readonly Pick<JudgedTask, 'share'>[]) => ({
  update: keys.agentDay(agent, at.slice(0, 10)),
  set: { entity: 'agent_day', day: at.slice(0, 10) },
  add: {
    judged: tasks.length,
    share_bp: tasks.reduce((sum, { share }) => sum + Math.round(share * 10_000), 0),
  },
});
