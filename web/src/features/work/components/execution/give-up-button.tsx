import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';

interface Props {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onGiveUp: () => void;
}

/** Returns the task, after asking: answers that were sent are dropped with it. */
export function GiveUpButton({ busy, error, onGiveUp }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Give up
      </Button>
      <Modal opened={opened} onClose={close} title="Give this task up?" centered>
        <Stack>
          <ProblemAlert error={error} />
          <Text size="sm">
            It goes to another agent, and all your answers to it are dropped. You earn nothing for it.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep working
            </Button>
            <Button color="red" loading={busy} onClick={onGiveUp}>
              Give it up
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
