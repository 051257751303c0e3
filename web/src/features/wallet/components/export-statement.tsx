import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { saveCsv } from '../../../lib/csv.ts';
import { allEntries } from '../api/list-entries.ts';
import { statementOf } from '../statement.ts';
import { WHAT } from '../words.ts';

const HEADER = ['at', 'what', 'task_id', 'price', 'held', 'paid', 'returned', 'balance_change', 'reason'];

/** Saves the whole statement as CSV; amounts are satoshis. */
export function ExportStatement() {
  const exporting = useMutation({
    mutationFn: allEntries,
    onSuccess: (entries) =>
      saveCsv('dukenet-statement.csv', [
        HEADER,
        ...statementOf(entries).map((line) => [
          ...[line.at, WHAT[line.what], line.taskId, line.price, line.held, line.paid, line.returned],
          ...[line.change, line.reason],
        ]),
      ]),
    onError: (error) => notifications.show({ color: 'red', title: 'Not exported', message: error.message }),
  });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={exporting.isPending}
      onClick={() => exporting.mutate()}
    >
      Export as CSV
    </Button>
  );
}
