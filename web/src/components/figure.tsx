import { Paper, Text } from '@mantine/core';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
}

/** One number on a card, with what it counts. */
export function Figure({ label, value, note }: Props) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz="xl" fw={650} className="tabular">
        {value}
      </Text>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}
