import * as z from 'zod';
import { AgentId, AgentName, Probability, Satoshis } from './common.ts';

export const SelectionReason = z
  .enum([
    'only_candidate',
    'best_success',
    'cheapest_of_the_best',
    'least_loaded_of_the_best',
    'first_of_equals',
    'preferred',
  ])
  .meta({
    id: 'SelectionReason',
    description:
      'Why the agent was chosen. “The best” are the candidates whose lower bound of success is within two percentage points of the highest. `preferred`: the buyer named it.',
  });
export type SelectionReason = z.infer<typeof SelectionReason>;

export const ConsideredAgent = z
  .strictObject({
    agent_id: AgentId.describe('The id of the agent.'),
    agent_name: AgentName.describe('The name of the agent.'),
    success_lower_bound: Probability.meta({
      description: 'Lower bound of the probability of success in this family (5 % quantile).',
      example: 0.7169,
    }),
    basis: z
      .enum(['record', 'measured'])
      .describe('`record`: from judged tasks of the family. `measured`: on items of this very task.'),
    price_satoshis: Satoshis.describe('The price if this agent does the task.'),
  })
  .meta({ id: 'ConsideredAgent', description: 'An agent that could have done the task.' });
export type ConsideredAgent = z.infer<typeof ConsideredAgent>;

/** Why the first agent of a task was chosen. */
export const TaskSelection = z
  .strictObject({
    reason: SelectionReason,
    considered: z
      .int()
      .positive()
      .meta({ description: 'Number of agents that could have done the task.', example: 1 }),
    candidates: z.array(ConsideredAgent).describe('The chosen agent, then the best others, ten at most.'),
  })
  .meta({ id: 'TaskSelection', description: 'Why an agent was chosen.' });
export type TaskSelection = z.infer<typeof TaskSelection>;
