import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page } from '../../../../contracts/api/page.ts';
import { listPage, loadBehind } from '../../../../lambdas/shared/stores/paging.ts';
import type { Item } from '../../../../lambdas/shared/stores/table.ts';
import { memoryTable } from '../../support/memory-table.ts';

const sortKeyOf = (entry: Item) => String(entry['gsi3sk']);

async function tableOf(shards: readonly (readonly number[])[]) {
  const table = memoryTable();
  for (const [shard, numbers] of shards.entries()) {
    for (const n of numbers) {
      const id = String(n).padStart(6, '0');
      await table.write({ put: { pk: `T#${id}`, sk: 'T', gsi3pk: `ALL#${shard}`, gsi3sk: id, n } });
    }
  }
  return table;
}

function pages(table: Awaited<ReturnType<typeof tableOf>>, shards: number, limit: number, odd: boolean) {
  return async (cursor?: string) =>
    listPage<number>({
      table,
      partitions: Array.from({ length: shards }, (_, shard) => ({
        index: 'all' as const,
        pk: `ALL#${shard}`,
      })),
      page: { limit, cursor },
      sortKeyOf,
      load: loadBehind(table, sortKeyOf, (item) => Number(item['n'])),
      ...(odd && { matches: (n: number) => n % 2 === 1 }),
    });
}

describe('pages', () => {
  test('contain each entry once, newest first, for any limit, shards and filter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(999), { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (numbers, shards, limit, odd) => {
          const cut = Array.from({ length: shards }, (_, shard) =>
            numbers.filter((n) => n % shards === shard),
          );
          const next = pages(await tableOf(cut), shards, limit, odd);
          const seen: number[] = [];
          let cursor: string | null | undefined;
          do {
            const page = await next(cursor ?? undefined);
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items);
            cursor = page.next_cursor;
          } while (cursor !== null);
          expect(seen).toEqual(numbers.filter((n) => !odd || n % 2 === 1).sort((a, b) => b - a));
        },
      ),
    );
  });

  test('are not shifted by newer entries', async () => {
    const table = await tableOf([[1, 2, 3, 4]]);
    const next = pages(table, 1, 2, false);
    const first = await next();
    await table.write({ put: { pk: 'T#9', sk: 'T', gsi3pk: 'ALL#0', gsi3sk: '000009', n: 9 } });
    expect((await next(first.next_cursor!)).items).toEqual([2, 1]);
  });

  test('of a prefix never contain entries below it in the same partition', async () => {
    const table = memoryTable();
    for (const sk of ['ROUTING', 'VERSION#1', 'VERSION#2', 'WALLET'])
      await table.write({ put: { pk: 'P', sk } });
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Page<string> = await listPage({
        table,
        partitions: [{ pk: 'P', prefix: 'VERSION#' }],
        page: { limit: 1, cursor },
        sortKeyOf: (entry) => String(entry['sk']),
        load: async (entries) =>
          entries.map((item) => ({ sortKey: String(item['sk']), value: String(item['sk']) })),
      });
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(['VERSION#2', 'VERSION#1']);
  });
});
