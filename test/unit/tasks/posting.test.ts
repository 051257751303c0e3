import { beforeEach, describe, expect, it, vi } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { newId, sha256 } from '../../../lambdas/shared/ids.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { getResult, listResultItems } from '../../../lambdas/tasks/read-results.ts';
import { listTaskExamples, listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { registerAgent } from '../support/agents.ts';
import { buyer, csvFile, entries, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { PRICE, code, columns, delivered, drain, fillIn, table } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

describe('posting', () => {
  it('holds the price and chooses Duke MM', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    expect(task).toMatchObject({
      status: 'assigned',
      settlement: 'held',
      price_satoshis: PRICE,
      assigned_agent: 'duke-mm',
    });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 800_000,
      held_satoshis: PRICE,
    });
  });

  it('charges by the base price of the stage; a task keeps the price it was posted for', async () => {
    const before = newId();
    await createTask(market, me, taskBody(), before);
    market.basePriceSatoshis = 2_500;
    const after = await createTask(market, me, taskBody({ complexity: 3 }), newId());
    expect(after.price_satoshis).toBe(15_000);
    expect((await createTask(market, me, taskBody(), before)).price_satoshis).toBe(PRICE);
    expect(await market.wallets.get(me.userId)).toMatchObject({ held_satoshis: PRICE + 15_000 });
    await expect(createTask(market, me, taskBody({ max_price_satoshis: 4_999 }), newId())).rejects.toEqual(
      code('no_agent_available'),
    );
  });

  it('holds the price once for the same id, and rejects another body under it', async () => {
    const id = newId();
    const [first, second] = await Promise.all([
      createTask(market, me, taskBody(), id),
      createTask(market, me, taskBody(), id),
    ]);
    expect(first.id).toBe(second.id);
    expect((await market.wallets.get(me.userId)).held_satoshis).toBe(PRICE);
    await expect(createTask(market, me, taskBody({ description: 'other' }), id)).rejects.toEqual(
      code('idempotency_key_reused'),
    );
  });

  it('keeps the file of a task when another body arrives under its id concurrently', async () => {
    const file = await csvFile(market, me, table, columns);
    const id = newId();
    const [first, second] = await Promise.allSettled([
      createTask(market, me, fillIn(file), id),
      createTask(market, me, fillIn(file, { description: 'other' }), id),
    ]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(await market.files.uses(file, me.userId, market.clock())).toHaveLength(1);
  });

  it('stores nothing if the balance is too low, and releases the files', async () => {
    const poor = buyer();
    const file = await csvFile(market, poor, table, columns);
    await expect(createTask(market, poor, fillIn(file), newId())).rejects.toEqual(code('insufficient_funds'));
    expect(await market.files.uses(file, poor.userId, market.clock())).toEqual([]);
    expect(entries(market).filter((entry) => entry.account.includes(poor.userId))).toEqual([]);
  });

  it.each([
    [
      'another buyer’s file',
      async () => fillIn(await csvFile(market, buyer(), table, columns)),
      'file_not_usable',
    ],
    ['an unknown file', async () => fillIn(newId()), 'file_not_usable'],
    [
      '300 rows at complexity 1',
      async () => fillIn(await csvFile(market, me, table, columns), { complexity: 1 }),
      'complexity_too_low',
    ],
    ['nothing to do', async () => taskBody({ items: [] }), 'no_items'],
    ['two items of one id', async () => taskBody({ items: [{ id: 'a' }, { id: 'a' }] }), 'validation_failed'],
    [
      'a target no table has',
      async () => fillIn(await csvFile(market, me, table, columns), { target: 'nope' }),
      'validation_failed',
    ],
    [
      'a kind its production version does not do',
      async () => taskBody({ labels: undefined, kind: 'generation' }),
      'no_agent_available',
    ],
    [
      'a price limit below every offer',
      async () => taskBody({ max_price_satoshis: PRICE - 1 }),
      'no_agent_available',
    ],
    ['an agent nobody knows', async () => taskBody({ preferred_agent: 'agent-9' }), 'no_agent_available'],
    [
      'examples outside the labels',
      async () => taskBody({ examples: [{ fields: {}, expected: 'eggs' }] }),
      'validation_failed',
    ],
  ] as const)('refuses %s', async (_case, body, expected) => {
    await expect(createTask(market, me, await body(), newId())).rejects.toEqual(code(expected));
    expect((await market.wallets.get(me.userId)).held_satoshis).toBe(0);
  });

  it('rejects a file that is still being inspected', async () => {
    const id = newId();
    const at = market.clock().toISOString();
    await market.files.create({
      id, owner_id: me.userId, filename: 'a.csv', content_type: 'text/csv', file_type: 'csv',
      size_bytes: 3, created_at: at, updated_at: at, status: 'pending',
    }); // prettier-ignore
    await expect(createTask(market, me, fillIn(id), newId())).rejects.toEqual(code('file_not_usable'));
  });
});

describe('fill in the blanks', () => {
  it('uses filled rows as examples and empty rows as items, and returns the file with the target filled', async () => {
    const file = await csvFile(market, me, table, columns);
    const { taskId, resultId } = await delivered(market, me, fillIn(file));
    const task = await market.tasks.get(taskId);
    expect(task).toMatchObject({
      item_count: 270,
      example_count: 30,
      kind: 'classification',
      labels: ['ham', 'spam'],
    });
    const [first] = market.dukeMM.requests;
    expect(first?.items[0]).toEqual({ id: `${file}:2`, fields: { text: 'mail, number 1' } });
    expect(first?.examples?.count).toBe(30);
    expect(market.dukeMM.requests.every((request) => request.items.length <= 50)).toBe(true);
    const output = (await market.work.text(objects.output(taskId, 'csv'))).trim().split('\n');
    expect(output).toHaveLength(301);
    expect(output.slice(0, 3)).toEqual(['text,label', '"mail, number 0",ham', '"mail, number 1",ham']);
    expect(output[11]).toBe('"mail, number 10",spam');

    const pages = { ...market, downloadUrl: async (key: string) => `https://example.com/${key}` };
    const result = await getResult(pages, me, resultId);
    expect(result).toMatchObject({ item_count: 270, success: true, verdict: 'pending' });
    expect(result.items).toHaveLength(100);
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await listResultItems(pages, me, resultId, { limit: 70, cursor });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next_cursor ?? undefined;
      more = cursor !== undefined;
    }
    expect(new Set(seen).size).toBe(270);
    const items = await listTaskItems(market, me, taskId, { limit: 100 });
    expect(items.items.map((item) => item.id)).toEqual(seen.slice(0, 100));
  });

  it('is planned although a delete has marked its file and is about to revert that', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    await market.files.markDeleting(file, market.clock().toISOString());
    await planTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'assigned' });
  });

  it('fails and is refunded if the file changed after its inspection', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    await market.uploads.put(objects.ready(file, sha256(table)), 'text,label\na,\n', 'text/csv');
    await planTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 1_000_000,
      held_satoshis: 0,
    });
  });

  it('resends chunks after a crash between the assignment and the queue', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    expect(await market.tasks.get(id)).toMatchObject({ status: 'created' });
    const crash = { ...market, enqueue: async () => Promise.reject(new Error('crash')) };
    await expect(planTask(crash, id)).rejects.toThrow('crash');
    expect(market.queue).toHaveLength(0);
    await planTask(market, id);
    expect(market.queue).toHaveLength(6);
  });
});

describe('a task of one chunk without files', () => {
  const inline = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ fields: { text: `mail ${n}` } }));

  it('is in the queue of its agent as soon as it is posted, with its items and examples', async () => {
    const ann = await registerAgent(market, 'ann-agent');
    const examples = [{ fields: { text: 'Win!' }, expected: 'spam' }];
    const body = taskBody({ preferred_agent: ann.name, examples });
    const { id } = await createTask(market, me, body, newId());
    const queue = await listTasks(market, ann.caller, { limit: 10, status: 'assigned' });
    expect(queue.items.map((task) => task.id)).toEqual([id]);
    expect((await listTaskItems(market, ann.caller, id, { limit: 10 })).items).toEqual([
      { id: 'item:1', fields: { text: 'Win a prize' } },
      { id: 'item:2', fields: { text: 'Minutes of the meeting' } },
    ]);
    expect((await listTaskExamples(market, ann.caller, id, { limit: 10 })).items).toEqual([
      { id: 'example:1', fields: { text: 'Win!' }, expected: 'spam' },
    ]);
    expect(market.queue).toEqual([]);
  });

  it('is queued for Duke MM as soon as it is posted, and again with a delay by its planner', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    const message = { task_id: id, chunk: 1, waits: 0 };
    expect(market.queue).toEqual([{ message, delay: 0 }]);
    await planTask(market, id);
    expect(market.queue).toEqual([
      { message, delay: 0 },
      { message, delay: 10 },
    ]);
    await drain(market);
    expect(market.dukeMM.requests).toHaveLength(1);
    await planTask(market, id);
    expect(market.queue).toEqual([]);
  });

  it('is posted although the queue is unavailable; its planner then queues it', async () => {
    const warned = vi.spyOn(logger, 'warn').mockReturnValue(undefined);
    const down = { ...market, enqueue: async () => Promise.reject(new Error('down')) };
    const { id } = await createTask(down, me, taskBody(), newId());
    expect(warned).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ task_id: id }));
    await planTask(market, id);
    await drain(market);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'executing', chunks_left: 0 });
  });

  it('is assigned to the version in production', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    expect(await market.tasks.get(id)).toMatchObject({
      model_version: '1',
      chunk_sizes: [2],
      chunks_left: 1,
    });
  });

  it('has at most as many items as a chunk; the planner splits larger ones', async () => {
    const [most, more] = await Promise.all(
      [50, 51].map((count) => createTask(market, me, taskBody({ items: inline(count) }), newId())),
    );
    expect(await market.tasks.get(most!.id)).toMatchObject({ status: 'assigned', chunk_sizes: [50] });
    expect(await market.tasks.get(more!.id)).toMatchObject({ status: 'created' });
    await planTask(market, more!.id);
    expect(await market.tasks.get(more!.id)).toMatchObject({ status: 'assigned', chunk_sizes: [50, 1] });
  });
});
