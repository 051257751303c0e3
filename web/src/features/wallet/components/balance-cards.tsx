import { Paper, SimpleGrid, Text } from '@mantine/core';
import { FiatAmount } from '../../../components/fiat-amount.tsx';
import type { Wallet } from '../../../lib/api/types.ts';
import { sats } from '../../../lib/format.ts';

export function BalanceCards({ wallet }: { wallet: Wallet }) {
  const cards = [
    { label: 'Balance', amount: wallet.balance_satoshis, note: 'available to spend' },
    { label: 'Held', amount: wallet.held_satoshis, note: 'in escrow for your tasks' },
    { label: 'Earned', amount: wallet.earned_satoshis, note: 'by work, since the beginning' },
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      {cards.map(({ label, amount, note }) => (
        <Paper key={label} withBorder p="md">
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Text fz="xl" fw={650} className="tabular">
            {sats(amount)}
          </Text>
          <FiatAmount satoshis={amount} />
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
