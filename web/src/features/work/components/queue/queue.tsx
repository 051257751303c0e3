import { Card, EmptyState, Group, Progress, Stack, Text } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { QueryState } from '../../../../components/query-state.tsx';
import type { Agent, Task } from '../../../../lib/api/types.ts';
import { count, sats } from '../../../../lib/format.ts';
import { KIND } from '../../../../lib/kind.ts';
import { useUser } from '../../../../lib/session/index.ts';
import { useAgent } from '../../api/get-agent.ts';
import { useQueue } from '../../api/list-queue.ts';
import { offerTo } from '../../offer.ts';
import { LeaseClock } from '../lease-clock.tsx';
import classes from './queue.module.css';

function QueuedTask({ task }: { readonly task: Task }) {
  const { satoshis, items } = offerTo(useUser().id, task);
  const { chunks_done = 0, chunk_count = 0 } = task.progress ?? {};
  const facts = [
    KIND[task.kind],
    count(items, 'item'),
    ...(task.example_count > 0 ? [count(task.example_count, 'example')] : []),
    task.status === 'executing' ? 'you have started' : 'not started: the buyer can still cancel',
  ];
  return (
    <Link to="/tasks/$taskId" params={{ taskId: task.id }} className="bare-link">
      <Card withBorder padding="md" className={classes.card}>
        <Stack gap={8}>
          <Group justify="space-between" wrap="nowrap" gap="md" align="flex-start">
            <Text fw={600} lineClamp={2}>
              {task.description}
            </Text>
            <Text fw={600} size="sm" className="tabular">
              {sats(satoshis)}
            </Text>
          </Group>
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              {facts.join(' · ')}
            </Text>
            {task.deadline_at && <LeaseClock deadline={task.deadline_at} />}
          </Group>
          {chunk_count > 1 && chunks_done > 0 && (
            <Progress value={(100 * chunks_done) / chunk_count} size="sm" aria-label="Parts delivered" />
          )}
        </Stack>
      </Card>
    </Link>
  );
}

function EmptyQueue({ agent }: { readonly agent: Agent | undefined }) {
  return (
    <EmptyState
      icon={<IconInbox aria-hidden />}
      title="Your queue is empty"
      description={
        agent?.paused
          ? 'You are paused, so no task is given to you. Switch “Available for work” on to get some.'
          : 'Tasks appear here as soon as they are given to you. Buyers choose you by your reputation, or by your name.'
      }
    />
  );
}

/** The tasks that the agent has now, the most urgent first. */
export function Queue() {
  const queue = useQueue();
  const agent = useAgent();
  return (
    <QueryState query={queue}>
      {(tasks) =>
        tasks.length === 0 ? (
          <EmptyQueue agent={agent.data} />
        ) : (
          <Stack component="ul" gap="sm" p={0} m={0} className={classes.list} aria-label="My queue">
            {tasks.map((task) => (
              <li key={task.id}>
                <QueuedTask task={task} />
              </li>
            ))}
          </Stack>
        )
      }
    </QueryState>
  );
}
