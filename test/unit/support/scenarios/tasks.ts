import { HOUR, MINUTE } from '../../../../lambdas/shared/clock.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../../lambdas/tasks/plan-task.ts';
import { getResult, listTaskResults } from '../../../../lambdas/tasks/read-results.ts';
import { getTask } from '../../../../lambdas/tasks/read-tasks.ts';
import { startTask } from '../../../../lambdas/tasks/submit-result.ts';
import type { CreateTaskBody } from '../../../../contracts/api/task-bodies.ts';
import type { FeedbackBody } from '../../../../contracts/api/results.ts';
import { ANSWERS, givenTo, registerAgent, submit } from '../agents.ts';
import type { TestAgent } from '../agents.ts';
import type { Loop } from '../loop.ts';
import { buyer, csvFile, fund, taskBody } from '../marketplace.ts';
import type { Scenario, UseCase } from '../scenario.ts';
import { delivered, drain, sweepAll } from '../task-flow.ts';

export const OWNER = buyer('00000000-0000-7000-8000-00000000b0b0');
const FUNDS = 1_000_000;
const TABLE = 'text,label\na,ham\nb,spam\n,\nc,\nd,';
const COLUMNS = [
  { name: 'text', type: 'text' as const, filled: 4 },
  { name: 'label', type: 'text' as const, filled: 2, values: ['ham', 'spam'] },
];

export const funded = async (market: Loop): Promise<void> => fund(market, OWNER, FUNDS);

export async function tableBody(market: Loop): Promise<CreateTaskBody> {
  const file = await csvFile(market, OWNER, TABLE, COLUMNS, 1);
  return taskBody({ items: [], labels: undefined, files: [file], target: 'label' });
}

/** A task for Duke MM. */
export async function posted(market: Loop, body = taskBody()): Promise<string> {
  await funded(market);
  return (await createTask(market, OWNER, body, newId())).id;
}

/** A task that an agent has, with a second agent that could take it over. */
export async function assigned(market: Loop): Promise<{ ann: TestAgent; id: string }> {
  await funded(market);
  const ann = await registerAgent(market, 'ann-agent');
  await registerAgent(market, 'bob-agent');
  return { ann, id: await givenTo(market, OWNER, ann) };
}

const creating = (bodyOf: (market: Loop) => CreateTaskBody | Promise<CreateTaskBody>, funds = FUNDS) =>
  async function arrange(market: Loop): Promise<UseCase> {
    if (funds > 0) await fund(market, OWNER, funds);
    await registerAgent(market, 'ann-agent');
    const body = await bodyOf(market);
    const id = newId();
    return () => createTask(market, OWNER, body, id);
  };

/** What the planner does, which learns of every task that is stored. */
async function planAll(market: Loop): Promise<void> {
  for (const { entity, id } of market.table.items.values())
    if (entity === 'task') await planTask(market, String(id));
}

const judging = (body: FeedbackBody) =>
  async function arrange(market: Loop): Promise<UseCase> {
    await funded(market);
    const { resultId } = await delivered(market, OWNER);
    const request = newId();
    return () => giveFeedback(market, OWNER.userId, resultId, body, request);
  };

const submitting = (body: object) =>
  async function arrange(market: Loop): Promise<UseCase> {
    const { ann, id } = await assigned(market);
    return () => submit(market, ann, id, body);
  };

/** An agent that registered a moment ago may not be considered yet. */
const candidates = { poorerByLateIndex: true } as const;

export const creationScenarios: Scenario[] = [
  {
    name: 'post a task with items',
    caller: 'client',
    ...candidates,
    arrange: creating(() => taskBody()),
    afterwards: planAll,
  },
  { name: 'post a task with a table', caller: 'client', ...candidates, arrange: creating(tableBody) },
  {
    name: 'post a task for an agent',
    caller: 'client',
    arrange: creating(() => taskBody({ preferred_agent: 'ann-agent' })),
  },
  { name: 'post a task without money', caller: 'client', arrange: creating(tableBody, 0) },
];

export const executionScenarios: Scenario[] = [
  {
    name: 'plan a task with a table',
    caller: 'queue',
    arrange: async (market) => {
      const id = await posted(market, await tableBody(market));
      return () => planTask(market, id);
    },
  },
  {
    name: 'answer a chunk',
    caller: 'queue',
    arrange: async (market) => {
      await planTask(market, await posted(market));
      const { message } = market.queue.shift()!;
      return () => executeChunk(market, message, 1);
    },
  },
  {
    name: 'answer a chunk that Duke MM refuses',
    caller: 'queue',
    arrange: async (market) => {
      await planTask(market, await posted(market));
      const { message } = market.queue.shift()!;
      return async () => {
        market.dukeMM.next.push({ outcome: 'refused', why: 'no' });
        await executeChunk(market, message, 1);
      };
    },
  },
  {
    name: 'complete a task',
    caller: 'queue',
    arrange: async (market) => {
      const id = await posted(market, await tableBody(market));
      await planTask(market, id);
      await drain(market);
      return () => completeTask(market, id);
    },
  },
  {
    name: 'cancel a task',
    caller: 'client',
    toldOfRepetition: { refused: 'wrong_state' },
    arrange: async (market) => {
      const { id } = await assigned(market);
      return () => cancelTask(market, OWNER.userId, id);
    },
  },
];

export const verdictScenarios: Scenario[] = [
  {
    name: 'accept a result',
    caller: 'client',
    arrange: judging({ verdict: 'accept', corrections: [], rating: 4 }),
  },
  {
    name: 'reject a result',
    caller: 'client',
    arrange: judging({ verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'spam' }] }),
  },
];

const url = async (key: string): Promise<string> => key;

export const readScenarios: Scenario[] = [
  {
    name: 'read a task',
    caller: 'client',
    arrange: async (market) => {
      const id = await posted(market);
      return () => getTask(market, OWNER, id);
    },
  },
  {
    name: 'read the result of a task',
    caller: 'client',
    arrange: async (market) => {
      await funded(market);
      const { taskId } = await delivered(market, OWNER);
      return () => listTaskResults({ ...market, downloadUrl: url }, OWNER, taskId);
    },
  },
  {
    name: 'read a result',
    caller: 'client',
    arrange: async (market) => {
      await funded(market);
      const { resultId } = await delivered(market, OWNER);
      return () => getResult({ ...market, downloadUrl: url }, OWNER, resultId);
    },
  },
];

export const agentWorkScenarios: Scenario[] = [
  {
    name: 'start a task',
    caller: 'client',
    arrange: async (market) => {
      const { ann, id } = await assigned(market);
      return () => startTask(market, ann.id, id);
    },
  },
  { name: 'answer a part', caller: 'client', arrange: submitting({ items: ANSWERS.items.slice(0, 1) }) },
  { name: 'answer everything', caller: 'client', arrange: submitting(ANSWERS) },
  { name: 'give a task up', caller: 'client', arrange: submitting({ success: false }) },
];

const sweeping = (before: (market: Loop) => Promise<unknown>, wait: number): Scenario['arrange'] =>
  async function arrange(market) {
    await before(market);
    market.passTime(wait);
    return () => sweepAll(market);
  };

export const sweepScenarios: Scenario[] = [
  { name: 'sweep a task that was not planned', caller: 'queue', arrange: sweeping(posted, 31 * MINUTE) },
  { name: 'sweep a task that its agent missed', caller: 'queue', arrange: sweeping(assigned, 25 * HOUR) },
  {
    name: 'sweep a result that nobody judged',
    caller: 'queue',
    arrange: sweeping(async (market) => {
      await funded(market);
      await delivered(market, OWNER);
    }, 25 * HOUR),
  },
];
