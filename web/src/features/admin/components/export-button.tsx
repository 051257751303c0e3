import { ExportCsvButton } from '../../../components/export-csv-button.tsx';
import { allAuditEntries, type AuditAction } from '../api/list-audit-log.ts';

const HEADER = ['id', 'at', 'actor_id', 'action', 'subject', 'details'];

/** Saves the entries of the audit log, all of them or of one action. */
export function ExportButton({ action }: { readonly action: AuditAction | undefined }) {
  const rows = async () => {
    const entries = await allAuditEntries(action);
    return [
      HEADER,
      ...entries.map((entry) => [
        ...[entry.id, entry.at, entry.actor_id, entry.action, entry.subject],
        JSON.stringify(entry.details),
      ]),
    ];
  };
  return <ExportCsvButton filename={`dukenet-audit-${action ?? 'all'}.csv`} rows={rows} />;
}
