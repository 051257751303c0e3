import type { AgentStats, JudgedTask } from '../../contracts/entities/agent.ts';
import type { Clock } from '../shared/clock.ts';
import { countedTasks, reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentStore } from '../shared/stores/agent-store.ts';
import { countOnce } from '../shared/stores/count-once.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';

export interface ReputationDependencies {
  readonly agents: AgentStore;
  readonly tasks: TaskStore;
  readonly results: ResultStore;
  readonly clock: Clock;
}

export interface Judgement {
  readonly task_id: string;
  readonly result_id: string;
}

type Agent = Pick<AgentStats, 'agent_id' | 'agent_name'>;

/** A few concurrent workers write the statistics of one agent. */
const ATTEMPTS = 20;

/** Adds a batch of verdicts to the statistics of their agents: one write per agent and batch, each task counted once. */
export async function updateReputation(
  deps: ReputationDependencies,
  judgements: readonly Judgement[],
): Promise<void> {
  const unique = [...new Map(judgements.map((judgement) => [judgement.task_id, judgement])).values()];
  const verdicts = await Promise.all(unique.map((judgement) => loadVerdict(deps, judgement)));
  const byAgent = Map.groupBy(
    verdicts.filter((verdict) => verdict !== undefined),
    ({ agent }) => agent.agent_id,
  );
  for (const ofAgent of byAgent.values()) {
    const { agent } = ofAgent[0]!;
    await countOnce(
      ofAgent.map(({ task }) => task),
      async (tasks) => {
        const before = await deps.agents.stats(agent.agent_id);
        return deps.agents.countVerdicts(withVerdicts(agent, before, tasks, deps.clock()), tasks);
      },
      { attempts: ATTEMPTS, counter: `the statistics of ${agent.agent_name}` },
    );
  }
}

/** Undefined where the task or its result is gone, or not judged yet. */
async function loadVerdict(
  deps: ReputationDependencies,
  judgement: Judgement,
): Promise<{ agent: Agent; task: JudgedTask } | undefined> {
  const [task, result] = await Promise.all([
    deps.tasks.get(judgement.task_id, { consistent: true }),
    deps.results.get(judgement.result_id, { consistent: true }),
  ]);
  if (!task || !result || result.verdict === 'pending') return undefined;
  const refused = 'feedback' in result ? result.feedback.refused_count : 0;
  return {
    agent: { agent_id: result.agent_id, agent_name: result.agent_name },
    task: {
      task_id: task.id,
      buyer_id: task.buyer_id,
      family: task.family,
      share: 1 - refused / result.item_count,
      judged_at: result.judged_at,
    },
  };
}

/** An agent's statistics after further judged tasks. */
export function withVerdicts(
  agent: Agent,
  before: AgentStats | undefined,
  tasks: readonly JudgedTask[],
  now: Date,
): AgentStats {
  const recent = countedTasks([...(before?.recent ?? []), ...tasks]);
  return {
    ...agent,
    judged_total: (before?.judged_total ?? 0) + tasks.length,
    recent,
    reputation_bp: reputationBp(agent.agent_id, recent),
    revision: (before?.revision ?? 0) + 1,
    updated_at: now.toISOString(),
  };
}
