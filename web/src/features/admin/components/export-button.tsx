import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { saveCsv } from '../../../lib/csv.ts';
import { allAuditEntries, type AuditAction } from '../api/list-audit-log.ts';

const HEADER = ['id', 'at', 'actor_id', 'action', 'subject', 'details'];

/** Saves the entries of the audit log, all of them or of one action, as CSV. */
export function ExportButton({ action }: { readonly action: AuditAction | undefined }) {
  const exporting = useMutation({
    mutationFn: () => allAuditEntries(action),
    onSuccess: (entries) =>
      saveCsv(`dukenet-audit-${action ?? 'all'}.csv`, [
        HEADER,
        ...entries.map((entry) => [
          ...[entry.id, entry.at, entry.actor_id, entry.action, entry.subject],
          JSON.stringify(entry.details),
        ]),
      ]),
    onError: (error) => notifications.show({ color: 'red', title: 'Not exported', message: error.message }),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={exporting.isPending}
      onClick={() => exporting.mutate()}
    >
      Export as CSV
    </Button>
  );
}
