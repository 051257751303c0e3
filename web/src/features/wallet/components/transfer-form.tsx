import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { Unanswered } from '../../../components/unanswered.tsx';
import type { Once } from '../../../lib/api/idempotency.ts';
import type { Wallet } from '../../../lib/api/types.ts';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { sats } from '../../../lib/format.ts';
import { AmountInput, amountError } from './amount-input.tsx';

const FIELDS = ['amount_satoshis'] as const;

interface Props {
  transfer: Once<{ amount_satoshis: number }, Wallet>;
  /** Label of the button: `Deposit`, `Withdraw`. */
  verb: string;
  /** Verb of the confirmation: `deposited`, `withdrawn`. */
  done: string;
  suggested?: number;
  onDone?: () => void;
}

/** Form for one deposit or withdrawal. It empties the field on success, so that a second click moves nothing. */
export function TransferForm({ transfer, verb, done, suggested = 1_000_000, onDone }: Props) {
  const { unanswered } = transfer;
  const form = useForm<{ amount_satoshis: number | string }>({
    initialValues: { amount_satoshis: unanswered?.amount_satoshis ?? suggested },
    validate: { amount_satoshis: amountError },
  });
  const submit = form.onSubmit((values) => {
    const amount = Number(values.amount_satoshis);
    transfer.mutate(
      { amount_satoshis: amount },
      {
        onSuccess: () => {
          form.setFieldValue('amount_satoshis', '');
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
        {unanswered && !transfer.isPending && (
          <Unanswered
            what={`${verb} of ${sats(unanswered.amount_satoshis)}`}
            onStartAnew={transfer.startAnew}
          />
        )}
        <Group align="flex-start" gap="sm">
          <AmountInput
            aria-label={`Amount to ${verb.toLowerCase()}`}
            flex={1}
            miw={160}
            {...form.getInputProps('amount_satoshis')}
          />
          <Button type="submit" loading={transfer.isPending} disabled={form.values.amount_satoshis === ''}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
