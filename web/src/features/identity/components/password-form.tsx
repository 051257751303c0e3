import { Button, Group, Paper, PasswordInput, Stack, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { hasCode } from '../../../lib/api/problem.ts';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useUser } from '../../../lib/session/index.ts';
import { useUpdateProfile } from '../api/update-profile.ts';
import { passwordError } from '../password-rules.ts';
import { NewPasswordInput } from './new-password-input.tsx';

const FIELDS = ['current_password', 'new_password'] as const;

/** Shows a wrong current password next to its field, like other field errors. */
const errorsOf = (error: unknown): Record<string, string> =>
  hasCode(error, 'bad_credentials')
    ? { current_password: 'This is not your current password' }
    : fieldErrors(error, FIELDS).beside;

export function PasswordForm() {
  const user = useUser();
  const update = useUpdateProfile();
  const form = useForm({
    initialValues: { current_password: '', new_password: '' },
    validate: {
      current_password: (password) => (password ? null : 'Enter your current password'),
      new_password: passwordError,
    },
  });
  const submit = form.onSubmit((values) =>
    update.mutate(values, {
      onSuccess: () => {
        form.reset();
        notifications.show({ color: 'teal', message: 'Your password is changed.' });
      },
      onError: (error) => form.setErrors(errorsOf(error)),
    }),
  );
  return (
    <Paper withBorder p="lg">
      <form onSubmit={submit} noValidate>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Stack>
          <Title order={2} size="h4">
            Password
          </Title>
          {!hasCode(update.error, 'bad_credentials') && <ProblemAlert error={update.error} fields={FIELDS} />}
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <NewPasswordInput label="New password" {...form.getInputProps('new_password')} />
          <Group>
            <Button type="submit" loading={update.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
