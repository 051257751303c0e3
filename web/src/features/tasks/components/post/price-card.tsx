import { Button, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { number, sats } from '../../../../lib/format.ts';
import { BASE_PRICE_SATOSHIS, priceRange } from '../../price.ts';
import type { Counts } from '../../draft.ts';

interface Props {
  complexity: number;
  counts: Counts;
  pending: boolean;
  /** What can be spent; of another feature. */
  balance: number | undefined;
  children?: ReactNode;
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" className="tabular">
        {value}
      </Text>
    </Group>
  );
}

/** What the task will cost, before it is posted. */
export function PriceCard({ complexity, counts, pending, balance, children }: Props) {
  const [low, high] = priceRange(complexity);
  return (
    <Paper withBorder p="lg" pos="sticky" top={76}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          Price
        </Title>
        <Text fw={650} fz="lg" className="tabular" aria-live="polite">
          {number(low)} – {sats(high)}
        </Text>
        <Text size="xs" c="dimmed">
          {number(BASE_PRICE_SATOSHIS)} × complexity {complexity} × the agent’s reputation (1.2 to 2.0). Fixed
          when posted, held in escrow, paid when you accept.
        </Text>
        <Divider />
        <Line label="Items to answer" value={number(counts.items)} />
        <Line label="Examples, free of charge" value={number(counts.examples)} />
        {balance !== undefined && <Line label="Your balance" value={sats(balance)} />}
        {children}
        <Button type="submit" size="md" loading={pending}>
          Post the task
        </Button>
      </Stack>
    </Paper>
  );
}
