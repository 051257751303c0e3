import type { Page } from '../../../contracts/api/page.ts';
import { AgentProfile, FamilyRecord } from '../../../contracts/entities/agent.ts';
import { Kind } from '../../../contracts/entities/common.ts';
import type { User } from '../../../contracts/entities/user.ts';
import { INDEXES, indexKeys, keys } from '../../../contracts/naming.ts';
import { reputationBp } from '../../../contracts/rules/reputation.ts';
import { logger } from '../logger.ts';
import { RetryableError, retry } from '../retry.ts';
import { AVAILABLE_SORT_KEY, isActive } from './agent-steps.ts';
import { listPage } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { ConditionFailed, succeeds } from './table.ts';
import type { Item, Table, Update } from './table.ts';

/** Settings that the agent itself can change. */
export type AgentSettings = Pick<AgentProfile, 'description' | 'kinds' | 'capacity' | 'paused'>;

export const settingsOf = ({ description, kinds, capacity, paused }: AgentProfile): AgentSettings => ({
  description,
  kinds,
  capacity,
  paused,
});

export interface AgentProfileStore {
  get(agentId: string, options?: { consistent?: boolean }): Promise<AgentProfile | undefined>;
  /** Stores the profile of an agent that registered before there were profiles; false if there is one. */
  create(profile: AgentProfile): Promise<boolean>;
  /**
   * Changes the settings of an agent whose account is active.
   * @returns `stale` if they have been changed since `before` was read
   */
  update(
    before: AgentProfile,
    settings: AgentSettings,
    at: string,
  ): Promise<'updated' | 'stale' | 'disabled'>;
  /** Agents that take tasks, and paused ones on request, best reputation first. */
  list(
    kind: Kind | undefined,
    page: PageRequest,
    options?: { paused?: boolean },
  ): Promise<Page<AgentProfile>>;
  /** The `limit` agents with the best reputation that take tasks of this kind; a few may be out of date by a second. */
  available(kind: Kind, limit: number): Promise<AgentProfile[]>;
  /** The profile of the agent with this name. */
  byName(agentName: string): Promise<AgentProfile | undefined>;
  /** Records of up to `limit` agents in this family. */
  familyRecords(family: string, limit: number): Promise<FamilyRecord[]>;
  /** Takes an agent whose account is disabled out of the index of available agents. */
  unlist(agentId: string): Promise<void>;
  /** Puts an agent whose account is active into the index again. */
  relist(agentId: string): Promise<void>;
}

const DEFAULT_CAPACITY = 3;

/** An agent is available from its registration: for all kinds, three tasks at a time. */
export function newProfile(user: Pick<User, 'id' | 'created_at'>, agentName: string): AgentProfile {
  return {
    agent_id: user.id,
    agent_name: agentName,
    description: null,
    kinds: [...Kind.options],
    capacity: DEFAULT_CAPACITY,
    load: 0,
    free: DEFAULT_CAPACITY,
    paused: false,
    reputation_bp: reputationBp(user.id, []),
    judged_total: 0,
    missed_in_a_row: 0,
    revision: 1,
    created_at: user.created_at,
    updated_at: user.created_at,
  };
}

/** A paused agent is in the partition of no kinds, which only administrators list. */
const placeOf = (profile: Pick<AgentProfile, 'kinds' | 'paused' | 'reputation_bp' | 'agent_id'>) =>
  indexKeys.availableAgent(profile.paused ? [] : profile.kinds, profile.reputation_bp, profile.agent_id);

export const profileRecord = (profile: AgentProfile) =>
  record('agent_profile', keys.agentProfile(profile.agent_id), profile, { available: placeOf(profile) });

const AVAILABLE_PARTITION = `${INDEXES.available}pk`;

/** Partitions of agents that take a kind, or any kind, and of paused ones: one partition per combination of kinds. */
export function partitionsFor(
  kind: Kind | undefined,
  { paused = false } = {},
): { index: 'available'; pk: string }[] {
  const sets = Kind.options.reduce<Kind[][]>(
    (all, next) => [...all, ...all.map((set) => [...set, next])],
    [[]],
  );
  return sets
    .filter((set) => (set.length === 0 ? paused : kind === undefined || set.includes(kind)))
    .map((set) => ({ index: 'available', pk: indexKeys.availableAgent(set, 0, '').pk }));
}

const sortKeyOf = (item: Item): string => String(item[AVAILABLE_SORT_KEY]);

/** Skips and logs a profile that does not match its schema, so that one bad record does not stop all tasks. */
function readable(item: Item): AgentProfile[] {
  try {
    return [parseRecord(AgentProfile, item)];
  } catch (error) {
    logger.error('agent profile not read', { error: error as Error, pk: item['pk'] });
    return [];
  }
}

const present = { attribute: 'pk', is: 'present' } as const;

/** Concurrent requests of an agent that change its settings. */
const RELIST_ATTEMPTS = 5;

export function agentProfileStore(table: Table): AgentProfileStore {
  const get: AgentProfileStore['get'] = async (agentId, options) => {
    const item = await table.get(keys.agentProfile(agentId), options);
    return item && parseRecord(AgentProfile, item);
  };
  const tryRelist = async (agentId: string): Promise<void> => {
    const profile = await get(agentId, { consistent: true });
    if (!profile) return;
    const relisted = await succeeds(
      table.transact([
        {
          update: keys.agentProfile(agentId),
          set: { [AVAILABLE_PARTITION]: placeOf(profile).pk },
          when: [{ attribute: 'revision', is: 'equal', value: profile.revision }],
        },
        isActive(agentId),
      ]),
    );
    if (relisted) return;
    const user = await table.get(keys.user(agentId), { consistent: true });
    if (user?.['is_active'] === true)
      throw new RetryableError(`the settings of agent ${agentId} were changed meanwhile`);
  };
  return {
    get,
    async byName(agentName) {
      const owner = await table.get(keys.agentName(agentName), { consistent: true });
      return owner && get(String(owner['user_id']), { consistent: true });
    },
    create: (profile) =>
      succeeds(table.write({ put: profileRecord(profile), when: [{ attribute: 'pk', is: 'absent' }] })),
    async update(before, settings, at) {
      try {
        await table.transact([settingsUpdate(before, settings, at), isActive(before.agent_id)]);
        return 'updated';
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        return error.failed.includes(1) ? 'disabled' : 'stale';
      }
    },
    list: (kind, page, options) =>
      listPage({
        table,
        partitions: partitionsFor(kind, options),
        page,
        sortKeyOf,
        load: async (items) =>
          items.flatMap((item) => readable(item).map((value) => ({ sortKey: sortKeyOf(item), value }))),
      }),
    async available(kind, limit) {
      const partitions = await Promise.all(
        partitionsFor(kind).map((partition) => table.query({ ...partition, newestFirst: true, limit })),
      );
      return partitions
        .flat()
        .sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? 1 : -1))
        .slice(0, limit)
        .flatMap(readable);
    },
    async familyRecords(family, limit) {
      const items = await table.query({ pk: keys.familyRecord(family, '').pk, limit });
      return items.map((item) => parseRecord(FamilyRecord, item));
    },
    async unlist(agentId) {
      const step = { update: keys.agentProfile(agentId), remove: [AVAILABLE_PARTITION], when: [present] };
      await succeeds(table.write(step));
    },
    async relist(agentId) {
      await retry(() => tryRelist(agentId), { attempts: RELIST_ATTEMPTS });
    },
  };
}

function settingsUpdate(before: AgentProfile, settings: AgentSettings, at: string): Update {
  const place = placeOf({ ...before, ...settings });
  return {
    update: keys.agentProfile(before.agent_id),
    // Verdicts may change the reputation, and so the sort key, at the same moment; only they write it.
    set: {
      ...settings,
      revision: before.revision + 1,
      updated_at: at,
      [AVAILABLE_PARTITION]: place.pk,
    },
    setOnce: { [AVAILABLE_SORT_KEY]: place.sk },
    add: { free: settings.capacity - before.capacity },
    when: [{ attribute: 'revision', is: 'equal', value: before.revision }],
  };
}
