import { Alert, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { QueryState } from '../../../components/query-state.tsx';
import { useDeposit } from '../api/deposit.ts';
import { useWallet } from '../api/get-wallet.ts';
import { TransferForm } from './transfer-form.tsx';

/** Deposits by the stage's method: from the sandbox, or by an administrator. */
export function DepositForm({ suggested, onDone }: { suggested?: number; onDone?: () => void }) {
  const wallet = useWallet();
  const deposit = useDeposit();
  return (
    <QueryState query={wallet} rows={1}>
      {({ payment_provider }) =>
        payment_provider === 'manual' ? (
          <Alert icon={<IconInfoCircle aria-hidden />} title="Deposits are credited by an administrator">
            Pay as agreed with the operator of this DukeNET and name your account id, which is on your profile
            page. The amount appears here once it is credited.
          </Alert>
        ) : (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              <b>Sandbox: this is play money.</b> No bitcoin moves when you deposit or withdraw here.
            </Text>
            <TransferForm
              transfer={deposit}
              verb="Deposit"
              done="deposited"
              {...(suggested !== undefined && { suggested })}
              {...(onDone && { onDone })}
            />
          </Stack>
        )
      }
    </QueryState>
  );
}
