import { Anchor, Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { DepositForm } from './deposit-form.tsx';

/** Deposits without leaving the page, so that the form there is kept. */
export function DepositDialog({ suggested, onDone }: { suggested: number; onDone: () => void }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <Group mt="sm" gap="sm">
      <Button size="xs" onClick={open}>
        Deposit
      </Button>
      <Anchor href="/wallet" target="_blank" size="sm">
        Open my wallet
      </Anchor>
      <Modal opened={opened} onClose={close} title="Deposit" centered>
        {/* React lets a submit bubble out of the dialog into the form that opened it. */}
        <div onSubmit={(event) => event.stopPropagation()}>
          <DepositForm
            suggested={suggested}
            onDone={() => {
              close();
              onDone();
            }}
          />
        </div>
      </Modal>
    </Group>
  );
}
