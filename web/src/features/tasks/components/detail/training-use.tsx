import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { isUnfinished } from '../../../../../../contracts/rules/task-status.ts';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { useWithdrawTraining } from '../../api/withdraw-training.ts';

/** Whether Duke MM may learn from a task. Its buyer can withdraw it once it has ended. */
export function TrainingUse({ task, mine }: { task: Task; mine: boolean }) {
  const [opened, { open, close }] = useDisclosure();
  const withdraw = useWithdrawTraining();
  if (!task.allow_training) return 'kept out of training';
  const confirm = () => withdraw.mutate(task.id, { onSuccess: close });
  return (
    <>
      may learn from it
      {mine && !isUnfinished(task.status) && (
        <>
          {' · '}
          <Anchor component="button" type="button" size="sm" onClick={open}>
            Withdraw
          </Anchor>
        </>
      )}
      <Modal opened={opened} onClose={close} title="Withdraw this task from training?" centered>
        <Stack>
          <ProblemAlert error={withdraw.error} />
          <Text size="sm">
            Your verdict on it is deleted from the training data, and Duke MM no longer uses it as an example
            for your later tasks. The next version does not know it. This cannot be undone.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={withdraw.isPending} onClick={confirm}>
              Withdraw it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
