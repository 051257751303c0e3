import type { Page } from '../../contracts/api/page.ts';
import type { AuditEntry } from '../../contracts/entities/audit.ts';
import type { AuditLog } from '../shared/stores/audit-log.ts';
import type { PageRequest } from '../shared/stores/paging.ts';

type Filter = { readonly [K in 'action' | 'actor_id' | 'subject']?: AuditEntry[K] | undefined };

export const listAuditLog = (
  { audit }: { readonly audit: AuditLog },
  { action, actor_id, subject, ...page }: PageRequest & Filter,
): Promise<Page<AuditEntry>> => {
  const filters = Object.entries({ action, actor_id, subject }).filter(([, value]) => value !== undefined);
  return audit.list(page, (entry) => filters.every(([name, value]) => entry[name as keyof Filter] === value));
};
