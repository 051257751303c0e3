import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeCursor,
  encodeCursor,
  listPage,
  loadBehind,
} from '../../../../lambdas/shared/stores/paging.ts';
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
  test('together are the list, newest first, each once, however it is cut, sharded and filtered', async () => {
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

  test('stay where they were while newer ones arrive', async () => {
    const table = await tableOf([[1, 2, 3, 4]]);
    const next = pages(table, 1, 2, false);
    const first = await next();
    await table.write({ put: { pk: 'T#9', sk: 'T', gsi3pk: 'ALL#0', gsi3sk: '000009', n: 9 } });
    expect((await next(first.next_cursor!)).items).toEqual([2, 1]);
  });
});

describe('a cursor', () => {
  test('is given back as it came', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (sortKey) => {
        expect(decodeCursor(encodeCursor(sortKey))).toBe(sortKey);
      }),
    );
  });
  test.each(['!', 'a', 'YQ==', 'Y Q', '////'])('%j is none', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }) as Error,
    );
  });
});
