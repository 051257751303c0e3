import { beforeEach, describe, expect, it } from 'vitest';
import { keys } from '../../../contracts/naming.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import {
  getResult,
  listResultItems,
  listResults,
  listTaskResults,
} from '../../../lambdas/tasks/read-results.ts';
import { getTask, listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

const me = buyer();
const agent = (userId = newId()): Caller => ({ ...buyer(userId), role: 'agent' });
const admin: Caller = { ...buyer(), role: 'admin' };
const page = { limit: 20 };

let market: Marketplace;
let ids: { taskId: string; resultId: string };
const deps = () => ({ ...market, downloadUrl: async (key: string) => `https://example.com/${key}` });
beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 100_000_000);
  ids = await delivered(market, me);
});

/** Every route that shows a task or a result, as one caller. */
const reads = (caller: Caller) => ({
  task: () => getTask(deps(), caller, ids.taskId),
  items: () => listTaskItems(deps(), caller, ids.taskId, page),
  results: () => listTaskResults(deps(), caller, ids.taskId),
  result: () => getResult(deps(), caller, ids.resultId),
  answers: () => listResultItems(deps(), caller, ids.resultId, page),
});
const lists = (caller: Caller) => ({
  tasks: () => listTasks(deps(), caller, page),
  results: () => listResults(deps(), caller, page),
});

/** As if an agent had been chosen: the name is what the test says, the id decides. */
async function assign(agentId: string, name: string): Promise<void> {
  const task = await market.tasks.get(ids.taskId);
  const result = await market.results.get(ids.resultId);
  const put = (key: { pk: string; sk: string }, change: object) => {
    const item = market.table.items.get(`${key.pk} ${key.sk}`);
    return market.table.write({ put: { ...item, ...change, ...key } });
  };
  const indexed = (kind: string, at: string, id: string) => ({
    gsi2pk: `AGENT#${agentId}#${kind}`,
    gsi2sk: `${at}#${id}`,
  });
  await put(keys.task(ids.taskId), {
    assigned_agent: name,
    assigned_agent_id: agentId,
    ...indexed('TASKS', task!.created_at, ids.taskId),
  });
  await put(keys.result(ids.resultId), {
    agent_name: name,
    agent_id: agentId,
    ...indexed('RESULTS', result!.created_at, ids.resultId),
  });
}

describe('read access to tasks and results', () => {
  it.each([
    ['the buyer', me, true],
    ['an admin', admin, true],
    ['another buyer', buyer(), false],
    ['an agent', agent(), false],
    ['an account with the id of Duke MM, which cannot be', agent('duke-mm'), true],
  ])('is the same on every route: %s', async (_who, caller, may) => {
    for (const [route, read] of Object.entries(reads(caller))) {
      const seen = await read().then(
        () => true,
        (error: { code?: string }) => (error.code === 'not_found' ? false : Promise.reject(error as Error)),
      );
      expect([route, seen]).toEqual([route, may]);
    }
  });

  it('depends on the id of an agent, not on names', async () => {
    const worker = agent();
    await assign(worker.userId, 'duke-mm');
    for (const read of Object.values(reads(worker))) await expect(read()).resolves.toBeDefined();
    for (const list of Object.values(lists(worker))) expect((await list()).items).toHaveLength(1);
    const namesake = agent();
    for (const read of Object.values(reads(namesake))) {
      await expect(read()).rejects.toMatchObject({ code: 'not_found' });
    }
    for (const list of Object.values(lists(namesake))) expect((await list()).items).toEqual([]);
  });

  it('a task shows its agent by name and by id', async () => {
    expect(await getTask(deps(), me, ids.taskId)).toMatchObject({
      assigned_agent: 'duke-mm',
      assigned_agent_id: 'duke-mm',
    });
    expect(await getResult(deps(), me, ids.resultId)).toMatchObject({ agent_id: 'duke-mm' });
  });

  it('records from before ids were stored belong to Duke MM', async () => {
    const key = keys.task((await createTask(market, me, taskBody(), newId())).id);
    const { assigned_agent_id: _, ...old } = market.table.items.get(`${key.pk} ${key.sk}`)!;
    await market.table.write({ put: { ...old, ...key } });
    expect(await market.tasks.get(String(old['id']))).toMatchObject({ assigned_agent_id: 'duke-mm' });
  });
});
