import type { Page } from '../../../contracts/api/page.ts';
import { AuditEntry } from '../../../contracts/entities/audit.ts';
import { keys } from '../../../contracts/naming.ts';
import { listPage } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import type { Put, Table } from './table.ts';

/** Adds an entry; a step for the transaction of what it records, so that there is neither without the other. */
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
