import { ActionIcon, Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';

export interface KeyHint {
  readonly keys: readonly string[];
  readonly does: string;
}

/** A button, and the key `?`, that list the keys of a page. */
export function KeyHelp({ hints }: { readonly hints: readonly KeyHint[] }) {
  const [opened, { open, close }] = useDisclosure();
  useHotkeys([['shift+?', open]]);
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys of this page" onClick={open}>
        <IconKeyboard size={18} aria-hidden />
      </ActionIcon>
      <Modal opened={opened} onClose={close} title="Keys of this page" centered>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {hints.map(({ keys, does }) => (
              <Table.Tr key={does}>
                <Table.Td w={140}>
                  {keys.map((key) => (
                    <Kbd key={key} mr={4}>
                      {key}
                    </Kbd>
                  ))}
                </Table.Td>
                <Table.Td>{does}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  );
}
