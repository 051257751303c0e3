import { beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import type { DukeError } from '../../../contracts/errors.ts';
import type { ErrorCode } from '../../../contracts/errors.ts';
import { newId, sha256 } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { executeChunk } from '../../../lambdas/tasks/execute-chunk.ts';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { getResult, listResultItems } from '../../../lambdas/tasks/read-results.ts';
import { listTaskItems } from '../../../lambdas/tasks/read-tasks.ts';
import { sweep } from '../../../lambdas/tasks/sweep.ts';
import { buyer, csvFile, entries, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

const PRICE = 200_000; // complexity 1 × 100,000 × Duke MM's first reputation of 2.0
const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

const code = (wanted: ErrorCode) =>
  expect.objectContaining({ name: 'DukeError', code: wanted }) as unknown as DukeError;

async function drain(): Promise<void> {
  for (let queued = market.queue.shift(); queued; queued = market.queue.shift()) {
    await executeChunk(market, queued.message, 1);
  }
}

async function delivered(body = taskBody()): Promise<{ taskId: string; resultId: string }> {
  const { id } = await createTask(market, me, body, newId());
  await planTask(market, id);
  await drain();
  await completeTask(market, id);
  const task = await market.tasks.get(id);
  if (task?.status !== 'completed') throw new Error(`task is ${task?.status}`);
  return { taskId: id, resultId: task.result_id };
}

/** 300 rows: the label is filled in every tenth. */
const table = [
  'text,label',
  ...Array.from(
    { length: 300 },
    (_, i) => `"mail, number ${i}",${i % 10 === 0 ? (i % 20 === 0 ? 'ham' : 'spam') : ''}`,
  ),
].join('\n');
const columns = [
  { name: 'text', type: 'text' as const, filled: 300 },
  { name: 'label', type: 'text' as const, filled: 30, values: ['ham', 'spam'] },
];
const fillIn = (file: string, overrides = {}) =>
  taskBody({ items: [], labels: undefined, files: [file], target: 'label', complexity: 2, ...overrides });

describe('posting', () => {
  it('holds the price and chooses Duke MM', async () => {
    const task = await createTask(market, me, taskBody(), newId());
    expect(task).toMatchObject({
      status: 'created',
      settlement: 'held',
      price_satoshis: PRICE,
      assigned_agent: 'duke-mm',
    });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 800_000,
      held_satoshis: PRICE,
    });
  });

  it('holds once for the same id, and refuses another body under it', async () => {
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

  it('stores nothing without the money, and frees the files again', async () => {
    const poor = buyer();
    const file = await csvFile(market, poor, table, columns);
    await expect(createTask(market, poor, fillIn(file), newId())).rejects.toEqual(code('insufficient_funds'));
    expect(await market.files.uses(file)).toEqual([]);
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
      'a kind Duke MM cannot do yet',
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

  it('refuses a file that is still being inspected', async () => {
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
  it('makes filled rows examples and empty rows items, and gives the file back with the target filled', async () => {
    const file = await csvFile(market, me, table, columns);
    const { taskId, resultId } = await delivered(fillIn(file));
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

  it('is planned although a delete has just marked its file, and is about to take that back', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    await market.files.markDeleting(file, market.clock().toISOString());
    await planTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'assigned' });
  });

  it('fails with the money back when the file changed after its inspection', async () => {
    const file = await csvFile(market, me, table, columns);
    const { id } = await createTask(market, me, fillIn(file), newId());
    await market.uploads.put(objects.ready(me.userId, file, sha256(table)), 'text,label\na,\n', 'text/csv');
    await planTask(market, id);
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 1_000_000,
      held_satoshis: 0,
    });
  });

  it('resends chunks when it crashed between the assignment and the queue', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    const crash = { ...market, enqueue: async () => Promise.reject(new Error('crash')) };
    await expect(planTask(crash, id)).rejects.toThrow('crash');
    expect(market.queue).toHaveLength(0);
    await planTask(market, id);
    expect(market.queue).toHaveLength(1);
  });
});

describe('execution', () => {
  it('waits for capacity without counting a try', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    for (let i = 0; i < 10; i++)
      market.dukeMM.next.push({ outcome: 'busy', why: 'full', retryAfterSeconds: undefined });
    await drain();
    await completeTask(market, id);
    expect((await market.tasks.get(id))?.status).toBe('completed');
    expect(market.dukeMM.requests).toHaveLength(11);
  });

  it('fails with the money back at the last receive, and leaves the message to the dead-letter queue', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    const { message } = market.queue.shift()!;
    for (let receive = 1; receive <= 4; receive++) {
      market.dukeMM.next.push(new Error('the process died'));
      await expect(executeChunk(market, message, receive)).rejects.toThrow('died');
    }
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
    expect((await market.wallets.get(me.userId)).balance_satoshis).toBe(1_000_000);
  });

  it('never delivers an answer outside the labels', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    const explanation = { nearest: [], words: [], summary: '' };
    const items = ['item:1', 'item:2'].map((item) => ({
      id: item,
      prediction: 'eggs',
      confidence: 1,
      explanation,
    }));
    market.dukeMM.next.push({ outcome: 'answered', response: { model_version: '1', items } });
    await expect(executeChunk(market, market.queue.shift()!.message, 4)).rejects.toThrow(
      'not one of the labels',
    );
    expect((await market.tasks.get(id))?.status).toBe('failed');
  });

  it('does nothing for a task that was cancelled meanwhile', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    await planTask(market, id);
    expect(await cancelTask(market, me.userId, id)).toMatchObject({
      status: 'cancelled',
      settlement: 'refunded',
    });
    await drain();
    expect(market.dukeMM.requests).toHaveLength(0);
    await expect(cancelTask(market, me.userId, id)).rejects.toEqual(code('wrong_state'));
  });
});

describe('verdict', () => {
  it('accepts: all of the price goes to the worker', async () => {
    const { resultId, taskId } = await delivered();
    const verdict = await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    expect(verdict).toMatchObject({ verdict: 'accepted' });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'released' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 800_000,
      held_satoshis: 0,
    });
    expect(entries(market).find((entry) => entry.account === 'agent:duke-mm')?.amount_satoshis).toBe(PRICE);
  });

  it('rejects one of two: half returns, half is paid', async () => {
    const { resultId, taskId } = await delivered();
    const corrections = [{ item_id: 'item:2', expected: 'spam' }];
    await giveFeedback(market, me.userId, resultId, { verdict: 'reject', corrections });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'split' });
    expect(await market.wallets.get(me.userId)).toMatchObject({
      balance_satoshis: 900_000,
      held_satoshis: 0,
    });
  });

  it.each([
    ['twice', { verdict: 'accept', corrections: [] }, 'already_judged', true],
    [
      'of an item that is not there',
      { verdict: 'reject', corrections: [{ item_id: 'x', reason: 'no' }] },
      'unknown_item',
      false,
    ],
    [
      'outside the labels',
      { verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'eggs' }] },
      'validation_failed',
      false,
    ],
    [
      'equal to the answer',
      { verdict: 'reject', corrections: [{ item_id: 'item:1', expected: 'ham' }] },
      'validation_failed',
      false,
    ],
  ] as const)('refuses one %s', async (_case, body, expected, first) => {
    const { resultId } = await delivered();
    if (first) await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    const said = { ...body, corrections: [...body.corrections] };
    await expect(giveFeedback(market, me.userId, resultId, said)).rejects.toEqual(code(expected));
  });

  it('is nobody else’s', async () => {
    const { resultId } = await delivered();
    await expect(
      giveFeedback(market, buyer().userId, resultId, { verdict: 'accept', corrections: [] }),
    ).rejects.toEqual(code('not_found'));
  });
});

describe('time', () => {
  it('silence accepts at the end of the review, and the word comes too late then', async () => {
    const { resultId, taskId } = await delivered();
    market.passTime(24 * 3_600_000);
    expect(await sweep(market, () => 60_000)).toEqual({ failed: 0, accepted: 1 });
    expect(await market.results.get(resultId)).toMatchObject({ verdict: 'auto_accepted' });
    expect(await market.tasks.get(taskId)).toMatchObject({ settlement: 'released' });
    expect(await sweep(market, () => 60_000)).toEqual({ failed: 0, accepted: 0 });
  });

  it('closes the review even before the sweep came by', async () => {
    const { resultId } = await delivered();
    market.passTime(24 * 3_600_000 + 1);
    await expect(
      giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] }),
    ).rejects.toEqual(code('review_closed'));
  });

  it('a silent worker loses the task at its deadline', async () => {
    const { id } = await createTask(market, me, taskBody(), newId());
    market.passTime(29 * 60_000);
    expect(await sweep(market, () => 60_000)).toEqual({ failed: 0, accepted: 0 });
    market.passTime(60_000);
    expect(await sweep(market, () => 60_000)).toEqual({ failed: 1, accepted: 0 });
    expect(await market.tasks.get(id)).toMatchObject({ status: 'failed', settlement: 'refunded' });
  });

  it('crosses midnight, a month and a year without losing an entry', async () => {
    market.setTime('2026-12-31T23:59:59.999Z');
    const { resultId } = await delivered();
    market.setTime('2027-01-01T00:00:00.000Z');
    await giveFeedback(market, me.userId, resultId, { verdict: 'accept', corrections: [] });
    const all = entries(market);
    expect(all.reduce((sum, entry) => sum + entry.amount_satoshis, 0)).toBe(0);
    const { items } = await market.wallets.entries(me.userId, { limit: 100 });
    expect(items.map((entry) => entry.kind)).toEqual(['release', 'hold', 'hold', 'deposit']);
    const duke = [...market.table.items.keys()].filter((key) => key.startsWith('ACCOUNT#agent:duke-mm#'));
    expect(duke[0]).toContain('#2027-01-01#');
  });
});
