import { Alert, Button, Checkbox, Group, Paper, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import type { NotificationSettings } from '../../../lib/api/types.ts';
import { useUser, type User } from '../../../lib/session/index.ts';
import { useNotificationSettings } from '../api/get-settings.ts';
import { useUpdateNotifications } from '../api/update-settings.ts';

type Notice = NotificationSettings['notices'][number];

const NOTICES: Record<'buyer' | 'agent', readonly { readonly value: Notice; readonly label: string }[]> = {
  buyer: [
    { value: 'result_delivered', label: 'A result waits for my verdict' },
    { value: 'review_ending', label: 'Without my verdict a result will soon count as accepted' },
  ],
  agent: [
    { value: 'task_assigned', label: 'I was given a task' },
    { value: 'lease_ending', label: 'The deadline of a task is near' },
  ],
};
const DEFAULT_HOURS = { from: '22:00', to: '07:00' } as const;

interface Values {
  notices: Notice[];
  quiet: boolean;
  from: string;
  to: string;
}

const valuesOf = ({ notices, quiet_hours }: NotificationSettings): Values => ({
  notices,
  quiet: quiet_hours !== null,
  from: quiet_hours?.from ?? DEFAULT_HOURS.from,
  to: quiet_hours?.to ?? DEFAULT_HOURS.to,
});

interface FormProps {
  readonly settings: NotificationSettings;
  readonly role: 'buyer' | 'agent';
}

function SettingsForm({ settings, role }: FormProps) {
  const update = useUpdateNotifications();
  const time_zone = settings.quiet_hours?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const form = useForm<Values>({
    initialValues: valuesOf(settings),
    validate: {
      to: (to, { quiet, from }) => (quiet && to === from ? 'Another time than the beginning' : null),
    },
  });
  const save = form.onSubmit(({ notices, quiet, from, to }) =>
    update.mutate(
      { notices, quiet_hours: quiet ? { from, to, time_zone } : null },
      {
        onSuccess: (changed) => {
          form.setInitialValues(valuesOf(changed));
          form.reset();
          notifications.show({ color: 'teal', message: 'Your notifications are saved.' });
        },
      },
    ),
  );
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        <ProblemAlert error={update.error} />
        {settings.delivery === 'off' && (
          <Alert variant="light">This DukeNET has no sender address, so no e-mails are sent now.</Alert>
        )}
        <Checkbox.Group label="Send me an e-mail when" {...form.getInputProps('notices')}>
          <Stack gap={6} mt={6}>
            {NOTICES[role].map(({ value, label }) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch
          label="Quiet hours"
          description="What comes meanwhile waits, and arrives as one e-mail."
          {...form.getInputProps('quiet', { type: 'checkbox' })}
        />
        {form.values.quiet && (
          <Group gap="sm" align="flex-start">
            <TextInput type="time" label="From" required {...form.getInputProps('from')} />
            <TextInput type="time" label="To" required {...form.getInputProps('to')} />
            <Text size="xs" c="dimmed" mt={34}>
              {time_zone}
            </Text>
          </Group>
        )}
        <Group>
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const hasNotices = (role: User['user_type']): role is FormProps['role'] => role !== 'admin';

/** Which e-mails a buyer or an agent gets, and when. Administrators get none. */
export function NotificationForm() {
  const role = useUser().user_type;
  const query = useNotificationSettings();
  if (!hasNotices(role)) return null;
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Notifications
        </Title>
        <QueryState query={query} rows={1}>
          {(settings) => <SettingsForm settings={settings} role={role} />}
        </QueryState>
      </Stack>
    </Paper>
  );
}
