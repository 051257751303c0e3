import { AgentDay, AgentStats } from '../../../contracts/entities/agent.ts';
import type { JudgedTask } from '../../../contracts/entities/agent.ts';
import type { AgentId } from '../../../contracts/entities/common.ts';
import { ALL_AGENTS, DAY_PREFIX, keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import type { Table } from './table.ts';
import { ConditionFailed } from './table.ts';

export interface AgentStore {
  stats(agentId: AgentId): Promise<AgentStats | undefined>;
  /**
   * Writes the statistics after a batch of verdicts and remembers each of their tasks, all or nothing.
   * @returns the tasks that were counted before (nothing was written then), or 'stale' when somebody wrote meanwhile
   */
  weigh(
    stats: AgentStats,
    tasks: readonly Pick<JudgedTask, 'task_id' | 'share'>[],
  ): Promise<'written' | 'stale' | { counted: string[] }>;
  /** Verdicts by day, oldest first, at most so many days back; of one agent, or of all (`ALL_AGENTS`). */
  days(agentId: string, most: number): Promise<AgentDay[]>;
}

export function agentStore(table: Table): AgentStore {
  return {
    async stats(agentId) {
      const item = await table.get(keys.agentStats(agentId), { consistent: true });
      return item && parseRecord(AgentStats, item);
    },
    async weigh(stats, tasks) {
      const before = stats.revision - 1;
      try {
        await table.transact([
          {
            put: record('agent_stats', keys.agentStats(stats.agent_id), stats),
            when: [
              before === 0
                ? { attribute: 'pk', is: 'absent' }
                : { attribute: 'revision', is: 'equal', value: before },
            ],
          },
          ...tasks.map(({ task_id }) => ({
            put: record('judged', keys.judged(task_id), { created_at: stats.updated_at }),
            when: [{ attribute: 'pk', is: 'absent' } as const],
          })),
          ...[stats.agent_id, ALL_AGENTS].map((agent) => dayStep(agent, stats.updated_at, tasks)),
        ]);
        return 'written';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        const counted = error.failed.flatMap((step) => tasks[step - 1]?.task_id ?? []);
        return counted.length > 0 ? { counted } : 'stale';
      }
    },
    async days(agentId, most) {
      const { pk } = keys.agentDay(agentId, '');
      const items = await table.query({ pk, prefix: DAY_PREFIX, newestFirst: true, limit: most });
      return items.map((item) => parseRecord(AgentDay, item)).reverse();
    },
  };
}

/** Shares in ten-thousandths: whole numbers add up exactly. */
const dayStep = (agent: string, at: string, tasks: readonly Pick<JudgedTask, 'share'>[]) => ({
  update: keys.agentDay(agent, at.slice(0, 10)),
  set: { entity: 'agent_day', day: at.slice(0, 10) },
  add: {
    judged: tasks.length,
    share_bp: tasks.reduce((sum, { share }) => sum + Math.round(share * 10_000), 0),
  },
});
