import type * as z from 'zod';
import type { Page } from '../../contracts/api/page.ts';
import type { ResultPart } from '../../contracts/entities/result.ts';
import { parseJsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { PageBudget } from '../shared/stores/page-budget.ts';
import type { PageRequest } from '../shared/stores/paging.ts';

/** Reads one object of JSON lines and validates each line. */
export async function readPart<S extends z.ZodType>(
  store: ObjectStore,
  key: string,
  schema: S,
): Promise<z.output<S>[]> {
  return parseJsonLines(await store.text(key)).map((line) => schema.parse(line));
}

/**
 * Reads one page of a list stored in several objects of known length. Only the objects of the page are read; a page of
 * large items is shorter than its limit.
 */
export async function pageOfParts<S extends z.ZodType>(
  store: ObjectStore,
  parts: readonly ResultPart[],
  page: PageRequest,
  schema: S,
): Promise<Page<z.output<S>>> {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const start = page.cursor === undefined ? 0 : offsetOf(page.cursor, total);
  const end = Math.min(total, start + page.limit);
  const items: z.output<S>[] = [];
  const budget = new PageBudget();
  let first = 0;
  for (const part of parts) {
    const last = first + part.count;
    if (last > start && first < end) {
      const lines = await readPart(store, part.key, schema);
      for (const item of lines.slice(Math.max(0, start - first), end - first)) {
        if (!budget.takes(item)) return { items, next_cursor: String(start + items.length) };
        items.push(item);
      }
    }
    first = last;
  }
  return { items, next_cursor: end < total ? String(end) : null };
}

/** Parses the cursor: the index of an item. @throws Error if it is not one, since only this file creates cursors */
function offsetOf(position: string, total: number): number {
  if (!/^\d{1,9}$/.test(position)) throw new Error(`"${position}" is no position in a list of items`);
  return Math.min(Number(position), total);
}
