import { AgentStats } from '../../../contracts/entities/agent.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import type { Table } from './table.ts';
import { ConditionFailed } from './table.ts';

export interface AgentStore {
  stats(agentName: string): Promise<AgentStats | undefined>;
  /** The user behind a registered agent. */
  userOf(agentName: string): Promise<string | undefined>;
  /**
   * Writes the statistics after a batch of verdicts and remembers each of their tasks, all or nothing.
   * @returns the tasks that were counted before (nothing was written then), or 'stale' when somebody wrote meanwhile
   */
  weigh(stats: AgentStats, taskIds: readonly string[]): Promise<'written' | 'stale' | { counted: string[] }>;
}

export function agentStore(table: Table): AgentStore {
  return {
    async stats(agentName) {
      const item = await table.get(keys.agentStats(agentName), { consistent: true });
      return item && parseRecord(AgentStats, item);
    },
    async userOf(agentName) {
      const item = await table.get(keys.agentName(agentName));
      return item && String(item['user_id']);
    },
    async weigh(stats, taskIds) {
      const before = stats.revision - 1;
      try {
        await table.transact([
          {
            put: record('agent_stats', keys.agentStats(stats.agent_name), stats),
            when: [
              before === 0
                ? { attribute: 'pk', is: 'absent' }
                : { attribute: 'revision', is: 'equal', value: before },
            ],
          },
          ...taskIds.map((id) => ({
            put: record('judged', keys.judged(id), { created_at: stats.updated_at }),
            when: [{ attribute: 'pk', is: 'absent' } as const],
          })),
        ]);
        return 'written';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        const counted = error.failed.flatMap((step) => (step > 0 ? [taskIds[step - 1]!] : []));
        return counted.length > 0 ? { counted } : 'stale';
      }
    },
  };
}
