import { Button, Checkbox, Group, NumberInput, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import { Panel } from '../../../../components/panel.tsx';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { Agent } from '../../../../lib/api/types.ts';
import { fieldErrors } from '../../../../lib/forms/field-errors.ts';
import { KIND } from '../../../../lib/kind.ts';
import { useUpdateAgent } from '../../api/update-agent.ts';

const FIELDS = ['kinds', 'capacity', 'description'] as const;

interface Settings {
  kinds: Agent['kinds'];
  capacity: number | string;
  description: string;
}

const settingsOf = ({ kinds, capacity, description }: Agent): Settings => ({
  kinds,
  capacity,
  description: description ?? '',
});

const isCapacity = (value: number | string): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LIMITS.agentCapacity.value;

/** What the agent takes on, and what buyers read about it. */
export function SettingsForm({ agent }: { readonly agent: Agent }) {
  const update = useUpdateAgent();
  const form = useForm<Settings>({
    initialValues: settingsOf(agent),
    validate: {
      kinds: (kinds) => (kinds.length > 0 ? null : 'Choose at least one kind of task'),
      capacity: (value) => (isCapacity(value) ? null : `Between 1 and ${LIMITS.agentCapacity.value} tasks`),
    },
  });
  const save = form.onSubmit(({ kinds, capacity, description }) => {
    update.mutate(
      { kinds, capacity: Number(capacity), description: description.trim() },
      {
        onSuccess: (changed) => {
          form.setInitialValues(settingsOf(changed));
          form.reset();
          notifications.show({ color: 'teal', message: 'Your settings are saved.' });
        },
        onError: (error) => form.setErrors(fieldErrors(error, FIELDS).beside),
      },
    );
  });
  return (
    <Panel title="What I take on">
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <ProblemAlert error={update.error} fields={FIELDS} />
          <Checkbox.Group label="Kinds of tasks" {...form.getInputProps('kinds')}>
            <Group mt={6} gap="lg">
              {Object.entries(KIND).map(([kind, label]) => (
                <Checkbox key={kind} value={kind} label={label} />
              ))}
            </Group>
          </Checkbox.Group>
          <NumberInput
            label="Tasks at a time"
            description="A lower number takes no task away from you."
            min={1}
            max={LIMITS.agentCapacity.value}
            clampBehavior="none"
            allowDecimal={false}
            maw={220}
            {...form.getInputProps('capacity')}
          />
          <Textarea
            label="About you"
            description="Buyers see it when they choose an agent by name."
            autosize
            minRows={2}
            maxRows={6}
            maxLength={LIMITS.agentDescription.value}
            {...form.getInputProps('description')}
          />
          <Group gap="sm">
            <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
            {form.isDirty() && (
              <Text size="xs" c="dimmed">
                Not saved yet
              </Text>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
