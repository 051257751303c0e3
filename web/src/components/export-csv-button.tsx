import { Button, type ButtonProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { saveCsv } from '../lib/csv.ts';

interface Props extends Pick<ButtonProps, 'size'> {
  filename: string;
  /** All rows, the header first. */
  rows: () => Promise<Parameters<typeof saveCsv>[1]>;
}

/** Reads all rows, however many pages they take, and saves them as a CSV file. */
export function ExportCsvButton({ filename, rows, ...button }: Props) {
  const exporting = useMutation({
    mutationFn: rows,
    onSuccess: (table) => saveCsv(filename, table),
    onError: (error) => notifications.show({ color: 'red', title: 'Not exported', message: error.message }),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={exporting.isPending}
      onClick={() => exporting.mutate()}
      {...button}
    >
      Export as CSV
    </Button>
  );
}
