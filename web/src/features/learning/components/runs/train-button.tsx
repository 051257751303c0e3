import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { MAX_REASON } from '../../../../../../contracts/limits.ts';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { fieldErrors } from '../../../../lib/forms/field-errors.ts';
import { useTrain } from '../../api/train.ts';

const FIELDS = ['reason'] as const;

interface Props {
  /** Whether another run is in progress. */
  busy: boolean;
  /** Called with the new run; not called if the request waits for another run. */
  onRun: (id: string) => void;
}

/** Requests a run, which starts at once or after the current one; administrators only. */
export function TrainButton({ busy, onRun }: Props) {
  const [opened, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const train = useTrain();
  const confirm = () =>
    train.mutate(reason.trim() ? { reason: reason.trim() } : {}, {
      onSuccess: ({ run, queued }) => {
        close();
        setReason('');
        notifications.show(
          queued
            ? {
                color: 'duke',
                title: 'Queued',
                message: 'A run is in progress. Yours starts when it ends.',
              }
            : { color: 'teal', message: 'A training run has begun.' },
        );
        if (run) onRun(run.id);
      },
    });
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={open}>
        Train now
      </Button>
      <Modal opened={opened} onClose={close} title="Train a new version?" centered>
        <Stack>
          <ProblemAlert error={train.error} fields={FIELDS} />
          <Text size="sm">
            {busy
              ? 'A run is in progress. One more run follows it, however often you ask meanwhile.'
              : 'Duke MM learns from the outcomes so far. The new version serves only if the gate finds it better than the one in production.'}
          </Text>
          <Textarea
            label="Reason (optional)"
            autosize
            minRows={2}
            maxRows={6}
            maxLength={MAX_REASON}
            value={reason}
            error={fieldErrors(train.error, FIELDS).beside['reason']}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Not now
            </Button>
            <Button loading={train.isPending} onClick={confirm}>
              {busy ? 'Queue a run' : 'Train'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
