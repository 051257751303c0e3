import type { LossOutcome } from '../../contracts/entities/agent.ts';
import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import { MAX_ASSIGNMENTS } from '../../contracts/entities/task-fields.ts';
import type { TaskIn } from '../../contracts/entities/task.ts';
import type { Clock } from '../shared/clock.ts';
import { later, MINUTE } from '../shared/clock.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { candidatesFor } from './candidates.ts';
import type { CandidateStores } from './candidates.ts';
import { failTask } from './end-task.ts';
import { reduceSteps } from './escrow.ts';
import { selectAgent } from './selection.ts';
import type { Selection } from './selection.ts';

export interface NextAgentDependencies extends CandidateStores {
  readonly tasks: TaskStore;
  readonly clock: Clock;
  readonly basePriceSatoshis: number;
  /** Minutes within which Duke MM must deliver. */
  readonly deadlineMinutes: number;
  /** Minutes within which a registered agent must deliver. */
  readonly agentDeadlineMinutes: number;
}

/** Maximum number of agents tried, since an agent may fill up or pause between selection and write. */
const MAX_UNAVAILABLE = 10;

type Unfinished = TaskIn<'created' | 'assigned' | 'executing'>;
type Chosen = Extract<Selection, { chosen: unknown }>;

/**
 * Reassigns a task to the next candidate at the lower of the two prices, and returns the difference to the buyer.
 * Without a candidate, or after three agents, the task fails and is refunded. Idempotent.
 * @param why a sentence for the buyer, if the task fails
 * @returns the outcome; `stale` if the task changed meanwhile
 */
export async function moveToNextAgent(
  deps: NextAgentDependencies,
  task: Unfinished,
  outcome: LossOutcome,
  why: string,
): Promise<'moved' | 'failed' | 'stale'> {
  const tried = new Set([...(task.tried_agent_ids ?? []), task.assigned_agent_id]);
  const unavailable = new Set<string>();
  while (tried.size < MAX_ASSIGNMENTS && unavailable.size < MAX_UNAVAILABLE) {
    const all = await candidatesFor(deps, task);
    const untried = all.filter(({ agent_id }) => !tried.has(agent_id) && !unavailable.has(agent_id));
    const selection = selectAgent(untried, { ...task, basePriceSatoshis: deps.basePriceSatoshis });
    if ('refusedBecause' in selection) break;
    const written = await reassign(deps, task, outcome, selection);
    if (written === 'stale') return 'stale';
    if (written === 'reassigned') return 'moved';
    unavailable.add(selection.chosen.agent_id);
  }
  return (await failTask(deps, task, why, outcome)) ? 'failed' : 'stale';
}

async function reassign(
  deps: NextAgentDependencies,
  task: Unfinished,
  outcome: LossOutcome,
  selection: Chosen,
) {
  const now = deps.clock();
  const next = await nextTask(deps, task, selection, now);
  const refund = task.price_satoshis - next.price_satoshis;
  const steps = refund === 0 ? [] : reduceSteps(next, refund, next.updated_at);
  return deps.tasks.reassign(task, next, outcome, steps);
}

/** A task that is not split into chunks stays `created`: its planner is notified of the new agent. */
async function nextTask(
  deps: NextAgentDependencies,
  task: Unfinished,
  { chosen, price }: Chosen,
  now: Date,
): Promise<TaskIn<'created' | 'assigned'> & { attempt: number }> {
  const isDuke = chosen.agent_id === DUKE_MM_ID;
  const reassigned = {
    attempt: (task.attempt ?? 1) + 1,
    tried_agent_ids: [...(task.tried_agent_ids ?? []), task.assigned_agent_id],
    assigned_agent: chosen.agent_name,
    assigned_agent_id: chosen.agent_id,
    price_satoshis: Math.min(task.price_satoshis, price),
    reputation_bp: chosen.reputation_bp,
    updated_at: now.toISOString(),
    deadline_at: later(now, (isDuke ? deps.deadlineMinutes : deps.agentDeadlineMinutes) * MINUTE),
  };
  if (task.status === 'created') return { ...task, ...reassigned };
  const {
    started_at: _started,
    submission: _submission,
    model_version: _version,
    review_state: _state,
    reviewer_id: _reviewerId,
    reviewer: _reviewer,
    review_item_count: _reviewed,
    review_price_satoshis: _part,
    ...kept
  } = { started_at: undefined, submission: undefined, ...task };
  const production = isDuke ? (await deps.models.routing())?.production : undefined;
  return {
    ...kept,
    ...reassigned,
    status: 'assigned',
    ...(production !== undefined && { model_version: production }),
    chunks_left: task.chunk_sizes.length,
    assigned_at: reassigned.updated_at,
  };
}
