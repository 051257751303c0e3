import { Alert, Button, Grid, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import { KeyHelp } from '../../../../components/key-help.tsx';
import { ItemView } from '../../../../components/media/item-view.tsx';
import { Page } from '../../../../components/page.tsx';
import { ProblemAlert } from '../../../../components/problem-alert.tsx';
import { allItems } from '../../../../lib/api/pages.ts';
import type { Item, Task } from '../../../../lib/api/types.ts';
import { useAllPages } from '../../../../lib/api/use-all-pages.ts';
import { count, number, sats } from '../../../../lib/format.ts';
import { KIND } from '../../../../lib/kind.ts';
import { useUser } from '../../../../lib/session/index.ts';
import { useTaskItems } from '../../../../lib/api/task-items.ts';
import { useStartTask } from '../../api/start-task.ts';
import { offerTo } from '../../offer.ts';
import { useExecution, type ExecutionState } from '../../use-execution.ts';
import { LeaseClock } from '../lease-clock.tsx';
import { AnswerPanel, KEYED_LABELS } from './answer-panel.tsx';
import { ExamplesPanel } from './examples-panel.tsx';
import { GiveUpButton } from './give-up-button.tsx';
import { ItemList } from './item-list.tsx';
import { SubmitBar } from './submit-bar.tsx';

const HINTS = [
  { keys: ['1', '…', '9'], does: 'Choose a label and go on' },
  { keys: ['J', 'K'], does: 'Next and previous item' },
  { keys: ['N'], does: 'Next item without an answer' },
  { keys: ['Enter'], does: 'In a number: go on. In a text: with Ctrl or ⌘' },
  { keys: ['U'], does: 'Mark the answer as unsure, or not' },
  { keys: ['S'], does: 'Send the answers' },
];

interface WorkProps {
  readonly task: Task;
  readonly items: readonly Item[];
  readonly work: ExecutionState;
}

/** The keys of the page; none of them works while somebody types in a field. */
function useWorkKeys({ task, items, work }: WorkProps): void {
  const item = items[work.index];
  const answer = item && work.answers.get(item.id);
  const choose = (place: number) => {
    const prediction = task.labels?.[place];
    if (!item || prediction === undefined || task.kind !== 'classification') return;
    work.setAnswer(item.id, { prediction });
    work.openNext();
  };
  const toggleUnsure = () => {
    if (!item || !answer) return;
    const { prediction, unsure } = answer;
    work.setAnswer(item.id, { prediction, ...(!unsure && { unsure: true }) });
  };
  useHotkeys([
    ['j', () => work.open(work.index + 1)],
    ['k', () => work.open(work.index - 1)],
    ['n', work.openNext],
    ['u', toggleUnsure],
    ['s', work.submit],
    ...Array.from({ length: KEYED_LABELS }, (_, i): [string, () => void] => [String(i + 1), () => choose(i)]),
  ]);
}

function NotStarted({ task }: { readonly task: Task }) {
  const start = useStartTask();
  return (
    <Alert color="duke" variant="light" title="You have not started yet">
      <ProblemAlert error={start.error} />
      <Group justify="space-between" gap="sm">
        <Text size="sm">Until you start, or send the first answer, the buyer can cancel the task.</Text>
        <Button size="xs" loading={start.isPending} onClick={() => start.mutate(task.id)}>
          Start
        </Button>
      </Group>
    </Alert>
  );
}

function Workplace({ task, items, work }: WorkProps) {
  useWorkKeys({ task, items, work });
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const item = items[work.index];
  if (!item) return null;
  const place = work.index + 1;
  const next = () => {
    work.openNext();
    field.current?.focus();
  };
  return (
    <Grid gap="md">
      <Grid.Col span={3} visibleFrom="md">
        <ItemList
          items={items}
          current={work.index}
          answers={work.answers}
          errors={work.errors}
          onOpen={work.open}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 7, md: 5 }}>
        <Paper withBorder p="md">
          <Group justify="space-between" mb="sm">
            <Text size="sm" fw={600} role="status">
              Item {number(place)} of {number(items.length)}
            </Text>
            <Group gap={6}>
              <Button
                size="compact-sm"
                variant="default"
                disabled={work.index === 0}
                onClick={() => work.open(work.index - 1)}
              >
                Previous
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={place === items.length}
                onClick={() => work.open(work.index + 1)}
              >
                Next
              </Button>
            </Group>
          </Group>
          <ItemView key={item.id} item={item} />
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 5, md: 4 }}>
        <AnswerPanel
          task={task}
          place={place}
          answer={work.answers.get(item.id)}
          error={work.errors.get(item.id)}
          disabled={false}
          fieldRef={field}
          onAnswer={(answer) => work.setAnswer(item.id, answer)}
          onNext={next}
        />
      </Grid.Col>
    </Grid>
  );
}

interface Props {
  readonly task: Task;
  /** The task was delivered or given up. */
  readonly onEnded: () => void;
}

/** Where an agent does a task: the item, its answer, and sending what is done. */
export function Execution({ task, onEnded }: Props) {
  const offer = offerTo(useUser().id, task);
  const query = useTaskItems(task.id);
  useAllPages(query);
  const items = query.data ? allItems(query.data) : [];
  const work = useExecution(task, items, {
    onProgress: ({ answered_count, item_count }) =>
      notifications.show({
        color: 'teal',
        message: `Sent. The buyer’s task has ${number(answered_count)} of ${count(item_count, 'answer')}.`,
      }),
    onEnded: ({ outcome }) => {
      const message =
        outcome === 'delivered'
          ? `Delivered. You earn up to ${sats(offer.satoshis)} once the buyer accepts.`
          : 'You gave the task up.';
      notifications.show({ color: outcome === 'delivered' ? 'teal' : 'gray', message });
      onEnded();
    },
  });
  const { submission } = work;
  const [title = '', ...details] = task.description.split('\n');
  return (
    <Page
      title={title}
      description={
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            {KIND[task.kind]} · {count(offer.items, 'item')} · {sats(offer.satoshis)}
          </Text>
          {task.deadline_at && <LeaseClock deadline={task.deadline_at} />}
        </Group>
      }
      actions={
        <Group gap="xs">
          <KeyHelp hints={HINTS} />
          <GiveUpButton busy={submission.isPending} error={submission.error} onGiveUp={work.giveUp} />
        </Group>
      }
    >
      {details.length > 0 && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {details.join('\n')}
        </Text>
      )}
      {task.status !== 'executing' && <NotStarted task={task} />}
      <ExamplesPanel taskId={task.id} examples={task.example_count} />
      <ProblemAlert error={query.error}>
        <Button mt="sm" size="xs" variant="light" color="red" onClick={() => void query.fetchNextPage()}>
          Try again
        </Button>
      </ProblemAlert>
      <ProblemAlert error={submission.error} />
      {items.length === 0 ? (
        !query.error && <Skeleton height={240} role="status" aria-label="Loading" />
      ) : (
        <Stack gap="md">
          <Workplace task={task} items={items} work={work} />
          <SubmitBar
            answered={work.answered}
            unsent={work.unsent.length}
            items={items.length}
            price={offer.satoshis}
            saving={work.saving}
            busy={submission.isPending}
            onSubmit={work.submit}
          />
        </Stack>
      )}
    </Page>
  );
}
