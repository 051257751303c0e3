import type { Page } from '../../../contracts/api/page.ts';
import { AuditEntry } from '../../../contracts/entities/audit.ts';
import { keys } from '../../../contracts/naming.ts';
import { listPage } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import type { Put, Table } from './table.ts';

/** The step that adds an entry, for the transaction of the recorded action: both are written or neither. */
export const auditStep = (entry: AuditEntry): Put => ({
  put: record('audit', keys.audit(entry.at, entry.id), entry),
});

export interface AuditLog {
  /** Newest first. */
  list(page: PageRequest, matches: (entry: AuditEntry) => boolean): Promise<Page<AuditEntry>>;
  append(entry: AuditEntry): Promise<void>;
}

export const auditLog = (table: Table): AuditLog => ({
  list: (page, matches) =>
    listPage({
      table,
      partitions: [{ pk: keys.audit('', '').pk }],
      page,
      matches,
      sortKeyOf: (entry) => String(entry['sk']),
      load: async (items) =>
        items.map((item) => ({ sortKey: String(item['sk']), value: parseRecord(AuditEntry, item) })),
    }),
  append: (entry) => table.write(auditStep(entry)),
});
