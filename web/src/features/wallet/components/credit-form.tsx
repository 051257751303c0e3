import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { MAX_REASON } from '../../../../../contracts/limits.ts';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { Unanswered } from '../../../components/unanswered.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { sats } from '../../../lib/format.ts';
import { useCreditWallet } from '../api/credit-wallet.ts';
import { AccountSelect } from './account-select.tsx';
import { AmountInput, amountError } from './amount-input.tsx';

const FIELDS = ['user_id', 'amount_satoshis', 'reason'] as const;

/** Credits a payment that was received outside; administrators only. */
export function CreditForm() {
  const credit = useCreditWallet();
  const form = useForm<{ user_id: string | null; amount_satoshis: number | string; reason: string }>({
    initialValues: { user_id: null, amount_satoshis: 1_000_000, reason: '' },
    validate: {
      user_id: (id) => (id ? null : 'Choose an account'),
      amount_satoshis: amountError,
      reason: (reason) => (reason.trim().length >= 3 ? null : 'Say what this is for'),
    },
  });
  const submit = form.onSubmit(({ user_id, amount_satoshis, reason }) => {
    const body = {
      user_id: user_id ?? '', // validated above
      amount_satoshis: Number(amount_satoshis),
      reason: reason.trim(),
    };
    credit.mutate(body, {
      onSuccess: ({ balance_satoshis }) => {
        form.reset();
        const message = `${sats(body.amount_satoshis)} credited; the balance is now ${sats(balance_satoshis)}.`;
        notifications.show({ color: 'teal', message });
      },
      onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
    });
  });
  return (
    <Paper withBorder p="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Credit a wallet
          </Title>
          <Text size="sm" c="dimmed">
            For a user who has paid outside of DukeNET. It is recorded with your name.
          </Text>
          <ProblemAlert error={credit.error} fields={FIELDS} />
          {credit.unanswered && !credit.isPending && (
            <Unanswered
              what={`Credit of ${sats(credit.unanswered.amount_satoshis)} for ${credit.unanswered.user_id}`}
              onStartAnew={credit.startAnew}
            />
          )}
          <AccountSelect label="Account" placeholder="E-mail or name" {...form.getInputProps('user_id')} />
          <AmountInput label="Amount" {...form.getInputProps('amount_satoshis')} />
          <TextInput label="Reason" maxLength={MAX_REASON} {...form.getInputProps('reason')} />
          <Group>
            <Button type="submit" loading={credit.isPending} disabled={!form.isDirty()}>
              Credit
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
