import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { sats } from '../../../../lib/format.ts';
import { useCancelTask } from '../../api/cancel-task.ts';

/** Cancels a task; possible until the work begins. */
export function CancelButton({ task }: { task: Task }) {
  const [opened, { open, close }] = useDisclosure();
  const cancel = useCancelTask();
  const confirm = () =>
    cancel.mutate(task.id, {
      onSuccess: () => {
        close();
        notifications.show({ message: `Cancelled. ${sats(task.price_satoshis)} came back to you.` });
      },
    });
  return (
    <>
      <Button variant="default" onClick={open}>
        Cancel the task
      </Button>
      <Modal opened={opened} onClose={close} title="Cancel this task?" centered>
        <Stack>
          <ProblemAlert error={cancel.error} />
          <Text size="sm">
            Nothing will be answered, and all {sats(task.price_satoshis)} return to your balance.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Let it run
            </Button>
            <Button color="red" loading={cancel.isPending || cancel.isSuccess} onClick={confirm}>
              Cancel it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
