import { Alert, Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCheck } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useLogin } from '../api/login.ts';
import { useResetPassword } from '../api/reset-password.ts';
import { passwordError } from '../password-rules.ts';
import { NewPasswordInput } from './new-password-input.tsx';

const FIELDS = ['code', 'new_password'] as const;

/** Form for the code and a new password; signs in afterwards. */
export function ResetPasswordForm({ email, onBack }: { email: string; onBack: () => void }) {
  const reset = useResetPassword();
  const login = useLogin();
  const form = useForm({
    initialValues: { code: '', new_password: '' },
    validate: {
      code: (code) => (code.trim() ? null : 'Enter the code from the e-mail'),
      new_password: passwordError,
    },
  });
  const submit = form.onSubmit(({ code, new_password }) =>
    reset.mutate(
      { email, code: code.trim(), new_password },
      {
        onSuccess: () => login.mutate({ email, password: new_password }),
        onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h3">
          Set a new password
        </Title>
        <Text size="sm">
          If <b>{email}</b> is registered, a code was sent to it.
        </Text>
        <ProblemAlert error={reset.error ?? login.error} fields={FIELDS} />
        {reset.isSuccess && (
          <Alert color="teal" icon={<IconCheck aria-hidden />} role="status">
            Your password is changed.
          </Alert>
        )}
        <TextInput label="Code" autoComplete="one-time-code" autoFocus {...form.getInputProps('code')} />
        <NewPasswordInput label="New password" {...form.getInputProps('new_password')} />
        <Button type="submit" loading={reset.isPending || login.isPending}>
          Change password
        </Button>
        <Anchor component="button" type="button" size="sm" onClick={onBack} ta="left">
          Another e-mail address
        </Anchor>
      </Stack>
    </form>
  );
}
