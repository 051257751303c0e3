import type { AgentStats, JudgedTask } from '../../contracts/entities/agent.ts';
import type { Clock } from '../shared/clock.ts';
import { countedTasks, reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentStore, CountedVerdict } from '../shared/stores/agent-store.ts';
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
  const byAgent = Map.groupBy(verdicts.flat(), ({ agent }) => agent.agent_id);
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

interface AgentVerdict {
  readonly agent: Agent;
  readonly task: CountedVerdict;
}

/** One verdict per agent that answered items. None if the task or its result is missing or not judged. */
async function loadVerdict(deps: ReputationDependencies, judgement: Judgement): Promise<AgentVerdict[]> {
  const [task, result] = await Promise.all([
    deps.tasks.get(judgement.task_id, { consistent: true }),
    deps.results.get(judgement.result_id, { consistent: true }),
  ]);
  if (!task || !result || result.verdict === 'pending') return [];
  const { refused_count: refused = 0, review_refused_count: reviewRefused = 0 } =
    'feedback' in result ? result.feedback : {};
  const { judged_at, review_item_count: reviewed = 0 } = result;
  const verdict = (agent: Agent, refusedItems: number, items: number, of: CountedVerdict['of']) => ({
    agent,
    task: {
      task_id: task.id,
      buyer_id: task.buyer_id,
      family: task.family,
      share: 1 - refusedItems / items,
      judged_at,
      of,
    },
  });
  const { agent_id, agent_name, item_count: items, reviewer_id, reviewer } = result;
  return [
    ...(items > reviewed
      ? [verdict({ agent_id, agent_name }, refused - reviewRefused, items - reviewed, 'task')]
      : []),
    ...(reviewer_id !== undefined && reviewer !== undefined
      ? [verdict({ agent_id: reviewer_id, agent_name: reviewer }, reviewRefused, reviewed, 'review')]
      : []),
  ];
}

/** An agent's statistics after further judged tasks. */
export function withVerdicts(
  agent: Agent,
  before: AgentStats | undefined,
  tasks: readonly (JudgedTask & { readonly of?: CountedVerdict['of'] })[],
  now: Date,
): AgentStats {
  const recent = countedTasks([...(before?.recent ?? []), ...tasks.map(({ of: _of, ...task }) => task)]);
  return {
    ...agent,
    judged_total: (before?.judged_total ?? 0) + tasks.length,
    recent,
    reputation_bp: reputationBp(agent.agent_id, recent),
    revision: (before?.revision ?? 0) + 1,
    updated_at: now.toISOString(),
  };
}
