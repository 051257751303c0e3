import { Button, Group, Kbd, Paper, Progress, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { count, number, sats } from '../../../../lib/format.ts';
import type { Saving } from '../../../../lib/saved/index.ts';
import classes from './execution.module.css';

interface Props {
  readonly answered: number;
  readonly unsent: number;
  readonly items: number;
  readonly price: number;
  readonly saving: Saving;
  readonly busy: boolean;
  readonly onSubmit: () => void;
}

/** How far the work is, and the button that sends it. */
export function SubmitBar({ answered, unsent, items, price, saving, busy, onSubmit }: Props) {
  const complete = answered === items;
  return (
    <Paper withBorder p="md" shadow="md" className={classes.bar}>
      <Progress
        value={(100 * answered) / Math.max(items, 1)}
        size="sm"
        mb="sm"
        aria-label={`${number(answered)} of ${number(items)} items answered`}
      />
      <Group justify="space-between" gap="sm">
        <div role="status">
          <Text size="sm" fw={600}>
            {number(answered)} of {count(items, 'item')} answered
          </Text>
          <Text size="xs" c="dimmed">
            {saving === 'kept'
              ? 'Your answers are kept in this browser. '
              : 'Your answers are too large to be kept here: send them before you leave. '}
            {complete
              ? `Sending delivers the task: you earn up to ${sats(price)}.`
              : 'You can send what is done; the rest may follow.'}
          </Text>
        </div>
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          rightSection={<Kbd aria-hidden>S</Kbd>}
          disabled={unsent === 0}
          loading={busy}
          onClick={onSubmit}
        >
          {complete ? 'Deliver' : `Send ${count(unsent, 'answer')}`}
        </Button>
      </Group>
    </Paper>
  );
}
