import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { UseMutationResult } from '@tanstack/react-query';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { sats } from '../../../lib/format.ts';
import { AmountInput, amountError } from './amount-input.tsx';

const FIELDS = ['amount_satoshis'] as const;

interface Props {
  transfer: UseMutationResult<unknown, Error, { amount_satoshis: number }>;
  /** `Deposit`, `Withdraw`: on the button. */
  verb: string;
  /** `deposited`, `withdrawn`: in the message afterwards. */
  done: string;
  suggested?: number;
  onDone?: () => void;
}

/** One amount that goes in or out. */
export function TransferForm({ transfer, verb, done, suggested = 1_000_000, onDone }: Props) {
  const form = useForm<{ amount_satoshis: number | string }>({
    initialValues: { amount_satoshis: suggested },
    validate: { amount_satoshis: amountError },
  });
  const submit = form.onSubmit((values) => {
    const amount = Number(values.amount_satoshis);
    transfer.mutate(
      { amount_satoshis: amount },
      {
        onSuccess: () => {
          notifications.show({ color: 'teal', message: `${sats(amount)} ${done}.` });
          onDone?.();
        },
        onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
      },
    );
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <ProblemAlert error={transfer.error} fields={FIELDS} />
        <Group align="flex-start" gap="sm">
          <AmountInput
            aria-label={`Amount to ${verb.toLowerCase()}`}
            flex={1}
            miw={160}
            {...form.getInputProps('amount_satoshis')}
          />
          <Button type="submit" loading={transfer.isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
