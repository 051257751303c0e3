import { Alert, Button, Group, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { ButtonLink } from '../../../../components/links.tsx';

/** Replaces the form once the draft was posted in another tab. */
export function DraftPosted({ taskId, onStartAfresh }: { taskId: string; onStartAfresh: () => void }) {
  return (
    <Alert
      color="teal"
      variant="light"
      role="status"
      icon={<IconCheck aria-hidden />}
      title="This task was posted in another tab"
    >
      <Text size="sm">It was posted once; nothing is left to do here.</Text>
      <Group mt="sm" gap="sm">
        <ButtonLink to="/tasks/$taskId" params={{ taskId }} size="xs">
          Open the task
        </ButtonLink>
        <Button size="xs" variant="default" onClick={onStartAfresh}>
          Post another task
        </Button>
      </Group>
    </Alert>
  );
}
