import type { AgentStats, Candidate } from '../../contracts/entities/agent.ts';
import { DUKE_MM, DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { RoutingRecord } from '../../contracts/entities/model.ts';
import { priorRate, reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentStore } from '../shared/stores/agent-store.ts';
import type { ModelStore } from '../shared/stores/model-store.ts';

/** Duke MM as a candidate: it takes the kinds its production version supports and has no capacity limit. */
export function dukeCandidate(
  routing: RoutingRecord | undefined,
  stats: AgentStats | undefined,
  family: string,
): Candidate {
  const recent = stats?.recent ?? [];
  const ofFamily = recent.filter((task) => task.family === family);
  return {
    agent_id: DUKE_MM_ID,
    agent_name: DUKE_MM,
    kinds: routing?.kinds ?? [],
    reputation_bp: reputationBp(DUKE_MM_ID, recent),
    family_successes: ofFamily.reduce((sum, task) => sum + task.share, 0),
    family_tasks: ofFamily.length,
    prior_rate: priorRate(DUKE_MM_ID),
    load: 0,
    capacity: null,
  };
}

/** All candidates for a task of this family. */
export async function candidatesFor(
  stores: { agents: AgentStore; models: ModelStore },
  family: string,
): Promise<Candidate[]> {
  const [routing, stats] = await Promise.all([stores.models.routing(), stores.agents.stats(DUKE_MM_ID)]);
  return [dukeCandidate(routing, stats, family)];
}
