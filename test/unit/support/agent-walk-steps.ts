/** The random steps of the walk of agents. */
import fc from 'fast-check';
import { DUKE_MM_ID } from '../../../contracts/duke-mm.ts';

export const ITEMS = ['a', 'b', 'c'];
/** The registered agents. */
export const AGENTS = ['ann-agent', 'bob-agent', 'cat-agent'] as const;

/** Preferred agents of tasks, by weight. */
export const PREFERRED = [...AGENTS, ...AGENTS, undefined, DUKE_MM_ID, DUKE_MM_ID] as const;

/** Each agent's confidence in its answers. */
export const MARKS = [0.1, 0.2, 0.3];
/** Duke MM's confidence in the first item, and in the others. */
export const DUKE_MARKS = [0.6, 0.9] as const;
/** Thresholds of reviews: no review, or a review of none, the first, or all of the items. */
export const REVIEW_BELOW = [undefined, 0, 0.8, 0.95] as const;

export const TASK_STEPS = ['plan', 'duke', 'complete', 'cancel', 'accept', 'reject', 'weigh'] as const;
const AGENT_STEPS = ['start', 'answer_one', 'answer_all', 'answer_wrong', 'give_up'] as const;

export type Action =
  | {
      do: 'create';
      preferred: number;
      complexity: number;
      review: number;
      quote: 'none' | 'new' | 'last';
      /** Whether an item names a file: such a task is split by its planner, others while they are posted. */
      attachment: boolean;
    }
  | { do: (typeof TASK_STEPS)[number]; task: number }
  | { do: (typeof AGENT_STEPS)[number]; task: number; agent: number; item: number }
  | { do: 'settings'; agent: number; paused: boolean; capacity: number }
  | { do: 'enable'; agent: number; active: boolean }
  | { do: 'wait'; hours: number }
  | { do: 'price'; base: number }
  | { do: 'sweep' };
/** One action or two concurrent ones; the first may crash at its n-th call and is then repeated. */
export interface AgentStep {
  readonly actions: readonly Action[];
  readonly crash: { readonly at: number; readonly when: 'before' | 'after' } | undefined;
}

const agent = fc.nat(AGENTS.length - 1);
const task = fc.nat(3);
const one = <T>(value: T) => fc.constant(value);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('create' as const),
      preferred: fc.nat(PREFERRED.length - 1),
      complexity: fc.integer({ min: 1, max: 3 }),
      review: fc.nat(REVIEW_BELOW.length - 1),
      quote: fc.constantFrom('none' as const, 'none' as const, 'new' as const, 'last' as const),
      attachment: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom(...TASK_STEPS), task }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(...AGENT_STEPS),
      task,
      // Beyond the number of agents: the agent that has the task.
      agent: fc.nat(2 * AGENTS.length - 1),
      item: fc.nat(ITEMS.length - 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: one('settings' as const),
      agent,
      paused: fc.boolean(),
      capacity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('enable' as const), agent, active: fc.boolean() }) },
  // Half an hour is Duke MM's deadline, a day that of an agent and of a review.
  { weight: 2, arbitrary: fc.record({ do: one('wait' as const), hours: fc.constantFrom(0.2, 0.5, 24) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: one('price' as const), base: fc.constantFrom(777, 50_000, 100_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('sweep' as const) }) },
);
const crash = fc.record({
  at: fc.integer({ min: 1, max: 14 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});
export const agentStep: fc.Arbitrary<AgentStep> = fc.record({
  actions: fc.array(action, { minLength: 1, maxLength: 2 }),
  crash: fc.option(crash, { nil: undefined, freq: 4 }),
});
