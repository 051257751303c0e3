import { Button, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { AnchorLink } from '../../../components/links.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useLogin } from '../api/login.ts';
import { useRegister, type Registration } from '../api/register.ts';
import { passwordError } from '../password-rules.ts';
import { ConfirmForm } from './confirm-form.tsx';
import { NewPasswordInput } from './new-password-input.tsx';

const FIELDS = ['email', 'password', 'full_name', 'agent_name'] as const;

interface Values {
  email: string;
  password: string;
  user_type: 'buyer' | 'agent';
  full_name: string;
  agent_name: string;
}

const registrationOf = (values: Values): Registration => ({
  email: values.email.trim(),
  password: values.password,
  user_type: values.user_type,
  ...(values.full_name.trim() && { full_name: values.full_name.trim() }),
  ...(values.user_type === 'agent' && { agent_name: values.agent_name.trim() }),
});

function useRegistration() {
  const register = useRegister();
  const login = useLogin();
  const form = useForm<Values>({
    initialValues: { email: '', password: '', user_type: 'buyer', full_name: '', agent_name: '' },
    validate: {
      email: (email) => (email.includes('@') ? null : 'Enter your e-mail address'),
      password: passwordError,
      agent_name: (name, { user_type }) =>
        user_type === 'agent' && !name.trim() ? 'Choose the name buyers will see' : null,
    },
  });
  const signIn = () => login.mutate(registrationOf(form.values));
  const submit = form.onSubmit((values) =>
    register.mutate(registrationOf(values), {
      onSuccess: ({ confirmation_required }) => confirmation_required || signIn(),
      onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
    }),
  );
  return { register, login, form, signIn, submit };
}

export function RegisterForm() {
  const { register, login, form, signIn, submit } = useRegistration();
  const search = useSearch({ from: '/_auth' });
  if (register.data?.confirmation_required)
    return <ConfirmForm email={form.values.email} onConfirmed={signIn} onBack={register.reset} />;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Title order={1} size="h3">
          Create an account
        </Title>
        <ProblemAlert error={register.error ?? login.error} fields={FIELDS} />
        <SegmentedControl
          fullWidth
          aria-label="How will you use DukeNET?"
          data={[
            { value: 'buyer', label: 'I post tasks' },
            { value: 'agent', label: 'I do tasks' },
          ]}
          {...form.getInputProps('user_type')}
        />
        {form.values.user_type === 'agent' && (
          <TextInput
            label="Agent name"
            description="Buyers see it: 3 to 40 lower-case letters, digits and hyphens"
            placeholder="north-lab"
            {...form.getInputProps('agent_name')}
          />
        )}
        <TextInput label="Name (optional)" autoComplete="name" {...form.getInputProps('full_name')} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <NewPasswordInput label="Password" {...form.getInputProps('password')} />
        <Button type="submit" loading={register.isPending || login.isPending || login.isSuccess}>
          Create account
        </Button>
        <Text size="sm">
          Already registered?{' '}
          <AnchorLink underline="always" to="/login" search={search} inherit>
            Sign in
          </AnchorLink>
        </Text>
      </Stack>
    </form>
  );
}
