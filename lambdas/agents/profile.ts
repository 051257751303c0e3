import type { AgentChange, AgentView, PublicAgent } from '../../contracts/api/agents.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { AgentProfile } from '../../contracts/entities/agent.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import { DukeError } from '../../contracts/errors.ts';
import type { Clock } from '../shared/clock.ts';
import { retry, RetryableError } from '../shared/retry.ts';
import { newProfile, settingsOf } from '../shared/stores/agent-profile-store.ts';
import type { AgentProfileStore } from '../shared/stores/agent-profile-store.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import type { UserStore } from '../shared/stores/user-store.ts';

export interface ProfileDependencies {
  readonly profiles: AgentProfileStore;
  readonly users: UserStore;
  readonly clock: Clock;
}

/** Concurrent changes of one profile come from one agent. */
const ATTEMPTS = 5;

const viewOf = ({ free: _free, revision: _revision, updated_at: _at, ...view }: AgentProfile): AgentView =>
  view;

export const getProfile = async (deps: ProfileDependencies, agentId: string): Promise<AgentView> =>
  viewOf(await profileOf(deps, agentId));

/** @throws DukeError conflict if other requests change the settings again and again */
export async function updateProfile(
  deps: ProfileDependencies,
  agentId: string,
  change: AgentChange,
): Promise<AgentView> {
  try {
    await retry(() => tryUpdate(deps, agentId, change), { attempts: ATTEMPTS });
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    throw new DukeError('conflict', 'The profile is being changed by other requests: try again.', {
      cause: error,
    });
  }
  return getProfile(deps, agentId);
}

async function tryUpdate(deps: ProfileDependencies, agentId: string, change: AgentChange): Promise<void> {
  const before = await profileOf(deps, agentId);
  const changedSettings = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  const at = deps.clock().toISOString();
  const outcome = await deps.profiles.update(before, { ...settingsOf(before), ...changedSettings }, at);
  if (outcome === 'disabled') throw new DukeError('user_disabled', 'Ask an administrator.');
  if (outcome === 'stale') throw new RetryableError(`the profile of ${agentId} was changed meanwhile`);
}

/** The profile; an agent that registered before there were profiles gets its first one here. */
async function profileOf(deps: ProfileDependencies, agentId: string): Promise<AgentProfile> {
  const stored = await deps.profiles.get(agentId, { consistent: true });
  if (stored) return stored;
  const user = await deps.users.get(agentId, { consistent: true });
  if (user?.agent_name === undefined) throw new Error(`agent ${agentId} has no name`);
  const profile = newProfile(user, user.agent_name);
  if (await deps.profiles.create(profile)) return profile;
  return profileOf(deps, agentId);
}

export async function listAgents(
  { profiles }: Pick<ProfileDependencies, 'profiles'>,
  query: PageRequest & { kind?: Kind | undefined },
): Promise<Page<PublicAgent>> {
  const page = await profiles.list(query.kind, query);
  return { ...page, items: page.items.map(publicView) };
}

const publicView = (profile: AgentProfile): PublicAgent => ({
  agent_id: profile.agent_id,
  agent_name: profile.agent_name,
  description: profile.description,
  kinds: profile.kinds,
  reputation_bp: profile.reputation_bp,
  judged_total: profile.judged_total,
});
