import { AgentView } from '../../../contracts/api/agents.ts';
import { TaskView } from '../../../contracts/api/tasks.ts';
import { ItemPayload } from '../../../contracts/serving/invocation.ts';
import { userOf } from './learning.ts';

/** Answers of the API to an agent; each is parsed by its schema, so none can differ from it. */
export const WORK_ID = '7ee948ea-9081-831c-9f1a-bcee0def1b42';
export const AGENT = { ...userOf('agent'), agent_name: 'agent-1' };

export const agentOf = (changes: Partial<AgentView> = {}): AgentView =>
  AgentView.parse({
    agent_id: AGENT.id,
    agent_name: 'agent-1',
    description: null,
    kinds: ['classification', 'regression', 'generation'],
    capacity: 3,
    load: 1,
    paused: false,
    reputation_bp: 14_000,
    judged_total: 2,
    missed_in_a_row: 0,
    created_at: '2026-11-01T08:00:00.000Z',
    ...changes,
  });

/** A task in the queue of the agent. */
export const workOf = (changes: Partial<TaskView> = {}): TaskView =>
  TaskView.parse({
    id: WORK_ID,
    description: 'Is this mail spam?',
    complexity: 1,
    kind: 'classification',
    kind_reason: 'labels are named',
    labels: ['ham', 'spam'],
    files: [],
    item_count: 3,
    example_count: 0,
    progress: { chunks_done: 0, chunk_count: 1 },
    assigned_agent: 'agent-1',
    assigned_agent_id: AGENT.id,
    price_satoshis: 140_000,
    reputation_bp: 14_000,
    status: 'assigned',
    settlement: 'held',
    allow_training: true,
    created_at: '2026-11-30T12:00:00.000Z',
    updated_at: '2026-11-30T12:00:00.000Z',
    deadline_at: new Date(Date.now() + 3 * 3_600_000).toISOString(),
    ...changes,
  });

export const itemsOf = (...texts: string[]) =>
  texts.map((mail, i) => ItemPayload.parse({ id: `item:${i + 1}`, fields: { mail } }));
