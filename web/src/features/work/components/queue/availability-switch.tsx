import { Group, Loader, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useAgent } from '../../api/get-agent.ts';
import { useUpdateAgent } from '../../api/update-agent.ts';

/** Whether the agent is given new tasks; those it has stay. */
export function AvailabilitySwitch() {
  const { data: agent } = useAgent();
  const update = useUpdateAgent();
  if (!agent) return <Loader size="xs" aria-label="Loading" />;
  const change = (available: boolean) =>
    update.mutate(
      { paused: !available },
      {
        onError: (error) =>
          notifications.show({ color: 'red', title: 'Not changed', message: error.message }),
      },
    );
  return (
    <Group gap="md">
      <Text size="sm" c="dimmed" role="status">
        {agent.load} of {agent.capacity} tasks
      </Text>
      <Switch
        label="Available for work"
        checked={!agent.paused}
        disabled={update.isPending}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </Group>
  );
}
