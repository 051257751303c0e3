import { beforeEach, describe, expect, it, vi } from 'vitest';
import { objects } from '../../../contracts/naming.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { listTaskItems, listTasks } from '../../../lambdas/tasks/read-tasks.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';

/** What a function may answer with. */
const LAMBDA_BYTES = 6_291_556;
const answerBytes = (body: unknown) => Buffer.byteLength(JSON.stringify({ body: JSON.stringify(body) }));
const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 100_000_000);
});

async function everyPage<T>(
  list: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[][]> {
  const pages: T[][] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page = await list(cursor);
    expect(answerBytes(page)).toBeLessThan(LAMBDA_BYTES);
    pages.push(page.items);
    cursor = page.next_cursor ?? undefined;
    more = cursor !== undefined;
  }
  return pages;
}

describe('a page', () => {
  it.each([
    ['quotes', '"'.repeat(500_000)],
    ['letters', 'x'.repeat(1_000_000)],
    ['controls', '\u0001'.repeat(250_000)],
  ])(
    'of items full of %s ends before the response is too large, and loses none',
    async (_name, text) => {
      const { id } = await createTask(
        market,
        me,
        taskBody({ items: Array(6).fill({ fields: { text: 'one' } }) }),
        newId(),
      );
      await planTask(market, id);
      const items = Array.from({ length: 6 }, (_, i) => ({ id: `item:${i + 1}`, fields: { text } }));
      await market.work.put(objects.chunkItems(id, 1), jsonLines(items), 'application/jsonl');
      const pages = await everyPage((cursor) => listTaskItems(market, me, id, { limit: 100, cursor }));
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.flat().map((item) => item.id)).toEqual(items.map((item) => item.id));
    },
    20_000,
  );

  it('of tasks with long descriptions and labels ends early too', async () => {
    const labels = Array.from({ length: 200 }, (_, i) => `${'"'.repeat(76)}${i}`);
    const body = taskBody({ description: '"'.repeat(4000), labels });
    const ids: string[] = [];
    for (let i = 0; i < 100; i++) {
      market.passTime(1);
      ids.push((await createTask(market, me, body, newId())).id);
    }
    const pages = await everyPage((cursor) => listTasks(market, me, { limit: 100, cursor }));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().map((task) => task.id)).toEqual(ids.reverse());
  });

  it('skips a record that does not match its schema', async () => {
    vi.spyOn(logger, 'error').mockReturnValue(undefined);
    const [first, , third] = [await one(), await one(), await one()];
    const [, broken] = [...market.table.items.entries()].filter(([, item]) => item['entity'] === 'task');
    market.table.items.set(broken![0], { ...broken![1], complexity: 'broken' });
    const page = await listTasks(market, me, { limit: 100 });
    expect(page.items.map((task) => task.id)).toEqual([third, first]);
  });
});

async function one(): Promise<string> {
  market.passTime(1);
  return (await createTask(market, me, taskBody(), newId())).id;
}
