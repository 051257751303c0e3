import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { LedgerEntry } from '../../../lib/api/types.ts';

const fetchPage = (limit: number, cursor: string | undefined) =>
  unwrap(
    api.GET('/api/v2/wallet/entries', {
      params: { query: { limit, ...(cursor !== undefined && { cursor }) } },
    }),
  );

/** A task takes up to four entries, so a page is some twenty lines. */
export const useEntries = () =>
  useInfiniteQuery({
    queryKey: [...keys.wallet, 'entries'],
    queryFn: ({ pageParam }) => fetchPage(80, pageParam.cursor),
    ...pages,
  });

/** Every entry, page after page: for the export. */
export async function allEntries(): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(100, cursor);
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return entries;
}
