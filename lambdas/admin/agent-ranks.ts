import type { AgentRank, AgentRankPage } from '../../contracts/api/admin.ts';
import { DUKE_MM, DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { reputationBp } from '../../contracts/rules/reputation.ts';
import type { AgentProfileStore } from '../shared/stores/agent-profile-store.ts';
import type { AgentStore } from '../shared/stores/agent-store.ts';
import type { FigureStore } from '../shared/stores/figure-store.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import { viewOf } from './read-figures.ts';

export interface RankDependencies {
  readonly profiles: Pick<AgentProfileStore, 'list'>;
  readonly agents: Pick<AgentStore, 'stats'>;
  readonly figures: FigureStore;
}
type Ranked = Pick<AgentRank, 'agent_id' | 'agent_name' | 'reputation_bp' | 'paused'>;

/** Registered agents, best reputation first, and Duke MM. */
export async function listAgentRanks(deps: RankDependencies, page: PageRequest): Promise<AgentRankPage> {
  const [found, duke] = await Promise.all([
    deps.profiles.list(undefined, page, { paused: true }),
    dukeMM(deps),
  ]);
  const ranked: Ranked[] = found.items.map(({ agent_id, agent_name, reputation_bp, paused }) => ({
    ...{ agent_id, agent_name, reputation_bp, paused },
  }));
  const all = [duke, ...ranked];
  const totals = await deps.figures.totals(all.map(({ agent_id }) => agent_id));
  const [duke_mm, ...items] = all.map((agent, i): AgentRank => {
    const { completed, judged, success_rate, released_satoshis } = viewOf(totals[i]!);
    return { ...agent, completed, judged, success_rate, earned_satoshis: released_satoshis };
  });
  return { ...found, items, duke_mm: duke_mm! };
}

async function dukeMM({ agents }: RankDependencies): Promise<Ranked> {
  const stats = await agents.stats(DUKE_MM_ID);
  const reputation_bp = stats?.reputation_bp ?? reputationBp(DUKE_MM_ID, []);
  return { agent_id: DUKE_MM_ID, agent_name: DUKE_MM, reputation_bp, paused: false };
}
