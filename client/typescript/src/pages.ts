import type { Page } from './types.ts';

/** Items per request: the maximum of the API. */
export const PAGE_LIMIT = 100;

/** All items of a list, one page after the other. @param fetchPage takes the cursor of the page, undefined for the first */
export async function* itemsOfPages<T>(
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  do {
    const { items, next_cursor } = await fetchPage(cursor);
    yield* items;
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
}
