import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRepeat } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Task } from '../../../../lib/api/types.ts';
import { saved } from '../../../../lib/saved/index.ts';
import { useUser } from '../../../../lib/session/index.ts';
import { draftLike, hasBegunDraft, saveDraft } from '../../ask-again.ts';

/** Begins a new task with the question and settings of this one. */
export function AskAgainButton({ task }: { readonly task: Task }) {
  const user = useUser();
  const navigate = useNavigate();
  const [opened, { open, close }] = useDisclosure();
  const begin = () => {
    saveDraft(saved, user.id, draftLike(task));
    void navigate({ to: '/tasks/new' });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRepeat size={16} aria-hidden />}
        onClick={() => (hasBegunDraft(saved, user.id) ? open() : begin())}
      >
        Ask again
      </Button>
      <Modal opened={opened} onClose={close} title="Replace your draft?" centered>
        <Stack>
          <Text size="sm">You have begun another task that is not posted. Its draft would be lost.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep the draft
            </Button>
            <Button color="red" onClick={begin}>
              Replace it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
