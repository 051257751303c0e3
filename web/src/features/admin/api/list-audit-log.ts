import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { AuditEntry } from '../../../lib/api/types.ts';

export type AuditAction = AuditEntry['action'];

const fetchPage = (action: AuditAction | undefined, limit: number, cursor: string | undefined) =>
  unwrap(
    api.GET('/api/v2/admin/audit-log', {
      params: { query: { limit, ...(cursor !== undefined && { cursor }), ...(action && { action }) } },
    }),
  );

export const useAuditLog = (action: AuditAction | undefined) =>
  useInfiniteQuery({
    queryKey: [...keys.admin, 'audit', action ?? 'all'],
    queryFn: ({ pageParam }) => fetchPage(action, 50, pageParam.cursor),
    ...pages,
  });

/** Every entry, page after page: for the export. */
export async function allAuditEntries(action: AuditAction | undefined): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage(action, 100, cursor);
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return entries;
}
