import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { AnchorLink } from '../../../components/links.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useForgotPassword } from '../api/forgot-password.ts';
import { ResetPasswordForm } from './reset-password-form.tsx';

const FIELDS = ['email'] as const;

export function ForgotPasswordForm() {
  const forgot = useForgotPassword();
  const search = useSearch({ from: '/_auth' });
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (email) => (email.includes('@') ? null : 'Enter your e-mail address') },
  });
  if (forgot.isSuccess) return <ResetPasswordForm email={form.values.email.trim()} onBack={forgot.reset} />;
  const submit = form.onSubmit(({ email }) =>
    forgot.mutate(email.trim(), {
      onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h3">
          Forgot your password?
        </Title>
        <Text size="sm" c="dimmed">
          Tell us your e-mail address and we send a code to set a new one.
        </Text>
        <ProblemAlert error={forgot.error} fields={FIELDS} />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <Button type="submit" loading={forgot.isPending}>
          Send the code
        </Button>
        <AnchorLink underline="always" to="/login" search={search} size="sm">
          Back to sign in
        </AnchorLink>
      </Stack>
    </form>
  );
}
