import { Group, Paper, SimpleGrid, Stack, Title } from '@mantine/core';
import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useWallet } from '../../features/wallet/api/get-wallet.ts';
import { BalanceCards } from '../../features/wallet/components/balance-cards.tsx';
import { CreditForm } from '../../features/wallet/components/credit-form.tsx';
import { DepositForm } from '../../features/wallet/components/deposit-form.tsx';
import { ExportStatement } from '../../features/wallet/components/export-statement.tsx';
import { Statement } from '../../features/wallet/components/statement.tsx';
import { WithdrawForm } from '../../features/wallet/components/withdraw-form.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/wallet')({ component: WalletPage });

function WalletPage() {
  const wallet = useWallet();
  const user = useUser();
  return (
    <Page title="Wallet" description="What you have, what escrow holds, and every movement.">
      <QueryState query={wallet} rows={2}>
        {(data) => (
          <>
            <BalanceCards wallet={data} />
            <SimpleGrid cols={{ base: 1, sm: data.payment_provider === 'sandbox' ? 2 : 1 }}>
              <Paper withBorder p="lg">
                <Stack gap="sm">
                  <Title order={2} size="h4">
                    Deposit
                  </Title>
                  <DepositForm />
                </Stack>
              </Paper>
              {data.payment_provider === 'sandbox' && (
                <Paper withBorder p="lg">
                  <Stack gap="sm" justify="space-between" h="100%">
                    <Title order={2} size="h4">
                      Withdraw
                    </Title>
                    <WithdrawForm />
                  </Stack>
                </Paper>
              )}
            </SimpleGrid>
          </>
        )}
      </QueryState>
      {user.user_type === 'admin' && <CreditForm />}
      <Paper withBorder p="lg">
        <Stack>
          <Group justify="space-between">
            <Title order={2} size="h4">
              Statement
            </Title>
            <ExportStatement />
          </Group>
          <Statement />
        </Stack>
      </Paper>
    </Page>
  );
}
