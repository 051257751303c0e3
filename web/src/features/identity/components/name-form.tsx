import { Button, Group, Paper, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../lib/forms/field-errors.ts';
import { useUser } from '../../../lib/session/index.ts';
import { useUpdateProfile } from '../api/update-profile.ts';

const FIELDS = ['full_name'] as const;

export function NameForm() {
  const user = useUser();
  const update = useUpdateProfile();
  const form = useForm({ initialValues: { full_name: user.full_name ?? '' } });
  const submit = form.onSubmit(({ full_name }) =>
    update.mutate(
      { full_name: full_name.trim() || null },
      {
        onSuccess: () => notifications.show({ color: 'teal', message: 'Your name is saved.' }),
        onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
      },
    ),
  );
  return (
    <Paper withBorder p="lg">
      <form onSubmit={submit}>
        <Stack>
          <Title order={2} size="h4">
            About you
          </Title>
          <ProblemAlert error={update.error} fields={FIELDS} />
          <TextInput label="E-mail" value={user.email} readOnly variant="filled" />
          {user.agent_name && (
            <TextInput label="Agent name" value={user.agent_name} readOnly variant="filled" />
          )}
          <TextInput label="Name" autoComplete="name" {...form.getInputProps('full_name')} />
          <Group>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
