import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconChecks } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import type { Task } from '../../../lib/api/types.ts';
import { count, sats } from '../../../lib/format.ts';
import { useAcceptResults } from '../api/accept-results.ts';

const NAMED = 5;

/** Accepts every listed result that waits for its verdict, after saying what that pays. */
export function AcceptAllButton({ tasks }: { readonly tasks: readonly Task[] }) {
  const [opened, { open, close }] = useDisclosure();
  const accepting = useAcceptResults();
  const total = tasks.reduce((sum, { price_satoshis }) => sum + price_satoshis, 0);
  const confirm = () =>
    accepting.mutate(
      tasks.flatMap(({ result_id }) => result_id ?? []),
      {
        onSuccess: (accepted) => {
          close();
          notifications.show({ color: 'teal', message: `${count(accepted, 'result')} accepted.` });
        },
      },
    );
  return (
    <>
      <Button variant="light" color="teal" leftSection={<IconChecks size={16} aria-hidden />} onClick={open}>
        Accept all {tasks.length}
      </Button>
      <Modal opened={opened} onClose={close} title={`Accept ${count(tasks.length, 'result')}?`} centered>
        <Stack>
          <ProblemAlert error={accepting.error} />
          <Text size="sm">
            <b>{sats(total)}</b> go to the agents, nothing comes back. A verdict is final.
          </Text>
          <List size="sm">
            {tasks.slice(0, NAMED).map(({ id, description, price_satoshis }) => (
              <List.Item key={id}>
                {description.split('\n', 1)[0]} ({sats(price_satoshis)})
              </List.Item>
            ))}
            {tasks.length > NAMED && <List.Item>and {tasks.length - NAMED} more</List.Item>}
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Not yet
            </Button>
            <Button color="teal" loading={accepting.isPending} onClick={confirm}>
              Accept and pay
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
