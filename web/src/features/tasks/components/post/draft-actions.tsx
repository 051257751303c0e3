import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Saving } from '../../../../lib/saved/index.ts';
import type { DraftKeeper } from '../../draft-keeper.ts';

/** Says that the draft is stored in this browser, and offers to discard it. */
export function DraftActions({ keeper, saving }: { keeper: DraftKeeper; saving: Saving }) {
  const [opened, { open, close }] = useDisclosure();
  const startAfresh = () => {
    keeper.startAfresh();
    close();
  };
  return (
    <Group gap="sm">
      <Text size="xs" c={saving === 'kept' ? 'dimmed' : 'red'} role="status">
        {saving === 'kept'
          ? 'The draft is kept in this browser until you post it or sign out.'
          : 'The draft cannot be kept in this browser: it is lost when you leave.'}
      </Text>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={open}>
        Start over
      </Button>
      <Modal opened={opened} onClose={close} title="Discard this draft?" centered>
        <Stack>
          <Text size="sm">
            The form is emptied in every tab. Files that you have uploaded stay under Files.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" onClick={startAfresh}>
              Discard
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
