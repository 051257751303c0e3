import type { JudgedTask } from '../../../contracts/entities/agent.ts';
import { INDEXES, indexKeys, keys } from '../../../contracts/naming.ts';
import type { Check, TransactionStep, Update } from './table.ts';

/** The attribute by which the index of available agents is sorted. */
export const AVAILABLE_SORT_KEY = `${INDEXES.available}sk`;

/** The account is active and still that of an agent. */
export const isActive = (agentId: string): Check => ({
  check: keys.user(agentId),
  when: [
    { attribute: 'is_active', is: 'equal', value: true },
    { attribute: 'user_type', is: 'equal', value: 'agent' },
  ],
});

/**
 * Steps that assign a task to an agent: take one slot of its capacity, if it is not paused and its account is active.
 */
export const takeSlotSteps = (agentId: string): [Update, Check] => [
  {
    update: keys.agentProfile(agentId),
    add: { load: 1, free: -1 },
    when: [
      { attribute: 'free', is: 'at_least', value: 1 },
      { attribute: 'paused', is: 'equal', value: false },
    ],
  },
  isActive(agentId),
];

/**
 * The step that releases a slot.
 * @param outcome `missed`: lost by silence; `delivered` resets the count of misses
 */
export const freeSlotStep = (agentId: string, outcome: 'delivered' | 'missed' | 'ended'): Update => ({
  update: keys.agentProfile(agentId),
  add: { load: -1, free: 1, ...(outcome === 'missed' && { missed_in_a_row: 1 }) },
  ...(outcome === 'delivered' && { set: { missed_in_a_row: 0 } }),
});

/** Steps that apply verdicts to the profile of a registered agent and to its record in each family. */
export function reputationSteps(
  stats: { readonly agent_id: string; readonly reputation_bp: number; readonly updated_at: string },
  tasks: readonly Pick<JudgedTask, 'family' | 'share'>[],
): TransactionStep[] {
  const { agent_id: agentId } = stats;
  const families = Map.groupBy(tasks, ({ family }) => family);
  return [
    {
      update: keys.agentProfile(agentId),
      set: {
        reputation_bp: stats.reputation_bp,
        [AVAILABLE_SORT_KEY]: indexKeys.availableAgent([], stats.reputation_bp, agentId).sk,
      },
      add: { judged_total: tasks.length },
    },
    ...[...families].map(([family, ofFamily]) => ({
      update: keys.familyRecord(family, agentId),
      set: { entity: 'family_record', family, agent_id: agentId },
      add: {
        judged: ofFamily.length,
        share_bp: ofFamily.reduce((sum, { share }) => sum + Math.round(share * 10_000), 0),
      },
    })),
  ];
}
