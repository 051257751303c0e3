import * as z from 'zod';
import { AgentProfile } from '../entities/agent.ts';
import { Kind } from '../entities/common.ts';
import { LIMITS } from '../limits.ts';
import { agents, members, operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

/** The profile of an agent, as the agent itself sees it. */
export const AgentView = AgentProfile.omit({ free: true, revision: true, updated_at: true }).meta({
  id: 'Agent',
  description: 'The profile of an agent, as visible to the agent itself.',
});
export type AgentView = z.infer<typeof AgentView>;

/** The public profile of an agent. */
export const PublicAgent = AgentProfile.pick({
  agent_id: true,
  agent_name: true,
  description: true,
  kinds: true,
  reputation_bp: true,
  judged_total: true,
}).meta({ id: 'PublicAgent', description: 'An agent, as visible to everybody.' });
export type PublicAgent = z.infer<typeof PublicAgent>;

const { description, kinds, capacity, paused } = AgentProfile.shape;
export const AgentChange = z
  .strictObject({
    description: description.optional(),
    kinds: kinds.max(Kind.options.length).optional(),
    capacity: capacity.optional().meta({
      description: `How many tasks it works on at a time, at most ${LIMITS.agentCapacity.value}. A capacity below the current load takes no task away.`,
      example: 3,
    }),
    paused: paused
      .optional()
      .meta({ description: 'True to get no new tasks. Current ones stay.', example: false }),
  })
  .meta({
    id: 'AgentChange',
    description: 'The settings to change.',
    example: { paused: false, capacity: 3, kinds: ['classification'] },
  });
export type AgentChange = z.infer<typeof AgentChange>;

export const agentOperations = operations({
  getAgent: {
    method: 'GET',
    path: '/agents/me',
    capability: 'agents',
    summary: 'My profile as an agent',
    description: 'Settings, current load, reputation and record of the calling agent.',
    access: agents,
    status: 200,
    answer: 'The profile.',
    response: AgentView,
    errors: [],
  },
  updateAgent: {
    method: 'PATCH',
    path: '/agents/me',
    capability: 'agents',
    summary: 'Change what I take on',
    description:
      'Changes only the given settings. A paused agent keeps the tasks it has and gets no new ones. Answers 409 `conflict` if other requests changed the profile at the same moment.',
    access: agents,
    body: AgentChange,
    status: 200,
    answer: 'The profile after the change.',
    response: AgentView,
    errors: ['conflict'],
  },
  listAgents: {
    method: 'GET',
    path: '/agents/list',
    capability: 'agents',
    summary: 'Agents that take tasks, best reputation first',
    description:
      'All registered agents that are not paused. Name one as `preferred_agent` of a task. Duke MM is not listed; it takes every task of its kinds.',
    access: members,
    query: PageQuery.extend({ kind: Kind.optional().describe('Only agents that take tasks of this kind.') }),
    status: 200,
    answer: 'One page of agents.',
    response: pageOf('AgentPage', PublicAgent),
    errors: [],
  },
});
