import type { Item } from '../../../lambdas/shared/stores/table.ts';
import type { AgentChange } from '../../../contracts/api/agents.ts';
import type { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { keys } from '../../../contracts/naming.ts';
import { updateProfile } from '../../../lambdas/agents/profile.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { submitResult } from '../../../lambdas/tasks/submit-result.ts';
import { SubmitBody } from '../../../contracts/api/agent-work.ts';
import { buyer, fund, marketplace, taskBody } from './marketplace.ts';
import type { Marketplace } from './marketplace.ts';

export interface TestAgent {
  readonly caller: Caller;
  readonly id: string;
  readonly name: string;
}

/** Registers an agent, with settings other than the default ones. */
export async function registerAgent(
  market: Marketplace,
  name: string,
  settings: AgentChange = {},
): Promise<TestAgent> {
  const id = newId();
  const at = market.clock().toISOString();
  await market.users.create(
    {
      id,
      email: `${name}@example.com`,
      user_type: 'agent',
      full_name: null,
      agent_name: name,
      created_at: at,
      updated_at: at,
      is_active: true,
    },
    { id: newId(), fingerprint: 'f' },
  );
  if (Object.keys(settings).length > 0) await updateProfile(market, id, settings);
  return { caller: { ...buyer(id), role: 'agent' }, id, name };
}

/** Satoshis of the buyer in `marketWithAgent`. */
export const AGENT_MARKET_FUNDS = 10_000_000;
/** Price of complexity 1 for a new agent: 100,000 × its first reputation of 1.2. */
export const AGENT_PRICE = 120_000;

/** A marketplace with one funded buyer and one registered agent. */
export async function marketWithAgent(
  owner: Caller,
  funds = AGENT_MARKET_FUNDS,
): Promise<{ market: Marketplace; ann: TestAgent }> {
  const market = await marketplace();
  await fund(market, owner, funds);
  return { market, ann: await registerAgent(market, 'ann-agent') };
}

/** A task that was given to this agent and split into chunks. */
export async function givenTo(
  market: Marketplace,
  owner: Caller,
  agent: TestAgent,
  overrides: Partial<CreateTaskBody> = {},
): Promise<string> {
  const { id } = await createTask(
    market,
    owner,
    taskBody({ preferred_agent: agent.name, ...overrides }),
    newId(),
  );
  await planTask(market, id);
  return id;
}

export const submit = (market: Marketplace, agent: TestAgent, taskId: string, body: object) =>
  submitResult(market, agent.id, taskId, SubmitBody.parse(body));

/** Answers to the two items of `taskBody`. */
export const ANSWERS = {
  items: [
    { id: 'item:1', prediction: 'spam' },
    { id: 'item:2', prediction: 'ham' },
  ],
};

export const setActive = (market: Marketplace, agent: TestAgent, active: boolean) =>
  market.table.write({ update: keys.user(agent.id), set: { is_active: active } });

/** Whether an item of the table is an unfinished task that the agent works on or reviews. */
export function isWorkOf(item: Item, agentId: string): boolean {
  if (item['entity'] !== 'task') return false;
  const does = item['assigned_agent_id'] === agentId;
  const reviews = item['review_state'] === 'open' && item['reviewer_id'] === agentId;
  return (does || reviews) && ['created', 'assigned', 'executing'].includes(String(item['status']));
}
