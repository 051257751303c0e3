import type { AgentProfile, AgentStats, Candidate, FamilyRecord } from '../../contracts/entities/agent.ts';
import { DUKE_MM, DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { RoutingRecord } from '../../contracts/entities/model.ts';
import { BASIS_POINTS, priorRate, reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentProfileStore } from '../shared/stores/agent-profile-store.ts';
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

/** A registered agent as a candidate. `record` is its judged work in the family of the task. */
export const agentCandidate = (profile: AgentProfile, record: FamilyRecord | undefined): Candidate => ({
  agent_id: profile.agent_id,
  agent_name: profile.agent_name,
  kinds: profile.kinds,
  reputation_bp: profile.reputation_bp,
  family_successes: (record?.share_bp ?? 0) / BASIS_POINTS,
  family_tasks: record?.judged ?? 0,
  prior_rate: priorRate(profile.agent_id),
  missed_in_a_row: profile.missed_in_a_row,
  load: profile.load,
  capacity: profile.capacity,
});

/** How many agents are considered for one task: those with the best reputation. */
const MAX_AGENTS = 50;
/** Maximum number of records of one family that are read; a family belongs to one buyer. */
const MAX_FAMILY_RECORDS = 200;

export interface CandidateStores {
  readonly agents: AgentStore;
  readonly models: ModelStore;
  readonly profiles: AgentProfileStore;
}

interface CandidateQuery {
  readonly kind: Kind;
  readonly family: string;
  readonly preferredAgent?: string | undefined;
}

/** Duke MM and the available agents, for a task of this kind and family. All reads are concurrent. */
export async function candidatesFor(
  stores: CandidateStores,
  { kind, family, preferredAgent }: CandidateQuery,
): Promise<Candidate[]> {
  const [routing, stats, available, records, preferred] = await Promise.all([
    stores.models.routing(),
    stores.agents.stats(DUKE_MM_ID),
    stores.profiles.available(kind, MAX_AGENTS),
    stores.profiles.familyRecords(family, MAX_FAMILY_RECORDS),
    preferredAgent === undefined ? undefined : stores.profiles.byName(preferredAgent),
  ]);
  // The preferred agent may not be among the first.
  const profiles =
    preferred && !preferred.paused && available.every(({ agent_id }) => agent_id !== preferred.agent_id)
      ? [...available, preferred]
      : available;
  const byAgent = new Map(records.map((record) => [record.agent_id, record]));
  return [
    dukeCandidate(routing, stats, family),
    ...profiles.map((profile) => agentCandidate(profile, byAgent.get(profile.agent_id))),
  ];
}
