import type { AgentStats, JudgedTask } from '../../contracts/entities/agent.ts';
import type { Clock } from '../shared/clock.ts';
import { countedTasks, reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentStore } from '../shared/stores/agent-store.ts';
import type { ResultStore } from '../shared/stores/result-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';

export interface WeighDependencies {
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

const TRIES = 20;

/** Adds a batch of verdicts to what is known of each agent: one write per agent and batch, each task counted once. */
export async function weighAgents(deps: WeighDependencies, judgements: readonly Judgement[]): Promise<void> {
  const unique = [...new Map(judgements.map((j) => [j.task_id, j])).values()];
  const judged = await Promise.all(unique.map((judgement) => load(deps, judgement)));
  const byAgent = Map.groupBy(
    judged.filter((j) => j !== undefined),
    (j) => j.agent.agent_id,
  );
  for (const judgedTasks of byAgent.values())
    await addTo(
      deps,
      judgedTasks[0]!.agent,
      judgedTasks.map((t) => t.task),
    );
}

async function load(
  deps: WeighDependencies,
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

async function addTo(deps: WeighDependencies, agent: Agent, tasks: readonly JudgedTask[]): Promise<void> {
  let left = [...tasks];
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > TRIES)
      throw new Error(`statistics of ${agent.agent_name} were written by others ${TRIES} times in a row`);
    const before = await deps.agents.stats(agent.agent_id);
    const outcome = await deps.agents.weigh(added(agent, before, left, deps.clock()), left);
    if (outcome === 'written') return;
    if (outcome === 'stale') continue;
    const counted = new Set(outcome.counted);
    left = left.filter((task) => !counted.has(task.task_id));
  }
}

export function added(
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
