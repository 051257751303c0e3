import { Anchor, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useConfirm } from '../api/confirm.ts';
import { useResendCode } from '../api/resend-code.ts';

const FIELDS = ['code'] as const;

interface Props {
  email: string;
  onConfirmed: () => void;
  onBack: () => void;
}

/** Form for the code that was sent by mail. */
export function ConfirmForm({ email, onConfirmed, onBack }: Props) {
  const confirm = useConfirm();
  const resend = useResendCode();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim() ? null : 'Enter the code from the e-mail') },
  });
  const submit = form.onSubmit(({ code }) =>
    confirm.mutate(
      { email, code: code.trim() },
      { onSuccess: onConfirmed, onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside) },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h3">
          Confirm your e-mail
        </Title>
        <Text size="sm">
          We have sent a code to <b>{email}</b>.
        </Text>
        <ProblemAlert error={confirm.error ?? resend.error} fields={FIELDS} />
        <TextInput
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          {...form.getInputProps('code')}
        />
        <Button type="submit" loading={confirm.isPending}>
          Confirm
        </Button>
        <Group justify="space-between">
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Back
          </Anchor>
          <Anchor
            component="button"
            type="button"
            size="sm"
            disabled={resend.isPending}
            onClick={() => resend.mutate(email)}
          >
            Send it again
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed" aria-live="polite">
          {resend.isSuccess && 'A new code was sent.'}
        </Text>
      </Stack>
    </form>
  );
}
