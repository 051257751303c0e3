import { Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { AnchorLink } from '../../../components/links.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { hasCode } from '../../../lib/api/problem.ts';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useLogin } from '../api/login.ts';
import { ConfirmForm } from './confirm-form.tsx';

const FIELDS = ['email', 'password'] as const;

export function LoginForm() {
  const login = useLogin();
  const search = useSearch({ from: '/_auth' });
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.includes('@') ? null : 'Enter your e-mail address'),
      password: (password) => (password ? null : 'Enter your password'),
    },
  });
  const signIn = () =>
    login.mutate(form.values, { onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside) });

  if (hasCode(login.error, 'email_unconfirmed'))
    return <ConfirmForm email={form.values.email} onConfirmed={signIn} onBack={login.reset} />;
  return (
    <form onSubmit={form.onSubmit(signIn)} noValidate>
      <Stack>
        <Title order={1} size="h3">
          Sign in
        </Title>
        <ProblemAlert error={login.error} fields={FIELDS} />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <Button type="submit" loading={login.isPending} fullWidth>
          Sign in
        </Button>
        <Group justify="space-between" gap="xs">
          <Text size="sm">
            New here?{' '}
            <AnchorLink underline="always" to="/register" search={search} inherit>
              Create an account
            </AnchorLink>
          </Text>
          <AnchorLink underline="always" to="/forgot-password" search={search} size="sm">
            Forgot password?
          </AnchorLink>
        </Group>
      </Stack>
    </form>
  );
}
