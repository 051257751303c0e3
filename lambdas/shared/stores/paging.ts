import type { Page } from '../../../contracts/api/page.ts';
import type { Key } from '../../../contracts/naming.ts';
import { logger } from '../logger.ts';
import { PageBudget } from './page-budget.ts';
import type { Item, Query, Table } from './table.ts';

export interface PageRequest {
  readonly limit: number;
  /**
   * Position in the list: the sort key of the last record of the previous page, so that it stays valid while newer records
   * arrive. Clients get it signed (../http/cursors.ts).
   */
  readonly cursor?: string | undefined;
}

/** How many index entries a page reads at most while it searches for matches. */
const MAX_ENTRIES_READ = 1000;

interface Listing<T> {
  readonly table: Table;
  /** Partitions of the list, with comparable sort keys. */
  readonly partitions: readonly Pick<Query, 'index' | 'pk' | 'prefix'>[];
  readonly page: PageRequest;
  /** Loads full items for index entries, in the same order. */
  readonly load: (entries: readonly Item[]) => Promise<{ sortKey: string; value: T }[]>;
  readonly matches?: (value: T) => boolean;
  readonly sortKeyOf: (entry: Item) => string;
}

/**
 * One page, newest first, over one partition or over shards. Filters after reading. Ends early if its entries would exceed
 * the size of an answer.
 */
export async function listPage<T>(listing: Listing<T>): Promise<Page<T>> {
  const { limit } = listing.page;
  let before = listing.page.cursor;
  const items: T[] = [];
  const budget = new PageBudget();
  let lastGiven: string | null = null;
  let read = 0;
  for (;;) {
    const entries = await newestOf(listing, before, limit + 1);
    const more = entries.length > limit;
    const taken = entries.slice(0, limit);
    const loaded = await listing.load(taken);
    for (const { sortKey, value } of loaded) {
      if (listing.matches && !listing.matches(value)) continue;
      if (!budget.takes(value)) return { items, next_cursor: lastGiven };
      items.push(value);
      lastGiven = sortKey;
      if (items.length === limit) {
        const last = taken.at(-1);
        const exhausted = !more && last !== undefined && listing.sortKeyOf(last) === sortKey;
        return { items, next_cursor: exhausted ? null : sortKey };
      }
    }
    const last = taken.at(-1);
    if (!more || last === undefined) return { items, next_cursor: null };
    before = listing.sortKeyOf(last);
    read += taken.length;
    if (read >= MAX_ENTRIES_READ) return { items, next_cursor: before };
  }
}

async function newestOf<T>(listing: Listing<T>, before: string | undefined, limit: number): Promise<Item[]> {
  const shards = await Promise.all(
    listing.partitions.map((partition) =>
      listing.table.query({
        ...partition,
        ...(before !== undefined && { before }),
        newestFirst: true,
        limit,
      }),
    ),
  );
  const newestFirst = (a: Item, b: Item) => (listing.sortKeyOf(a) < listing.sortKeyOf(b) ? 1 : -1);
  return shards.flat().sort(newestFirst).slice(0, limit);
}

/** Loads the full records of entries of a keys-only index. */
export const loadBehind =
  <T>(table: Table, sortKeyOf: (entry: Item) => string, parse: (item: Item) => T) =>
  async (entries: readonly Item[]): Promise<{ sortKey: string; value: T }[]> => {
    const keys = entries.map((entry): Key => ({ pk: String(entry['pk']), sk: String(entry['sk']) }));
    const items = await table.getMany(keys);
    const byKey = new Map(items.map((item) => [`${String(item['pk'])} ${String(item['sk'])}`, item]));
    return entries.flatMap((entry) => {
      const item = byKey.get(`${String(entry['pk'])} ${String(entry['sk'])}`);
      return item ? readable(item, (value) => ({ sortKey: sortKeyOf(entry), value: parse(value) })) : [];
    });
  };

/** Skips and logs a record that does not match its schema, so that the rest of the list is shown. */
function readable<T>(item: Item, read: (item: Item) => T): T[] {
  try {
    return [read(item)];
  } catch (error) {
    logger.error('record not listed', { error: error as Error, pk: item['pk'], sk: item['sk'] });
    return [];
  }
}
