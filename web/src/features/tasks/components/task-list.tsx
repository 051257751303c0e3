import { Card, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Task } from '../../../lib/api/types.ts';
import { count, dateTime, sats } from '../../../lib/format.ts';
import { KIND } from '../../../lib/kind.ts';
import { TaskBadge } from './task-badge.tsx';
import classes from './task-list.module.css';
import { TaskProgress } from './task-progress.tsx';

function TaskCard({ task }: { task: Task }) {
  const facts = [
    KIND[task.kind],
    count(task.item_count, 'item'),
    ...(task.example_count > 0 ? [count(task.example_count, 'example')] : []),
    task.assigned_agent,
    dateTime(task.created_at),
  ];
  return (
    <Link to="/tasks/$taskId" params={{ taskId: task.id }} className="bare-link">
      <Card withBorder padding="md" className={classes.card}>
        <Stack gap={8}>
          <Group justify="space-between" wrap="nowrap" gap="md">
            <Text fw={600} lineClamp={1}>
              {task.description}
            </Text>
            <Group gap="sm" wrap="nowrap" className={classes.numbers}>
              <Text fw={600} size="sm" className="tabular" visibleFrom="xs">
                {sats(task.price_satoshis)}
              </Text>
              <TaskBadge status={task.status} settlement={task.settlement} />
            </Group>
          </Group>
          <Text size="sm" c="dimmed">
            {facts.join(' · ')}
          </Text>
          <Text fw={600} size="sm" className="tabular" hiddenFrom="xs">
            {sats(task.price_satoshis)}
          </Text>
          <TaskProgress task={task} />
        </Stack>
      </Card>
    </Link>
  );
}

export function TaskList({ tasks }: { tasks: readonly Task[] }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {tasks.map((task) => (
        <li key={task.id}>
          <TaskCard task={task} />
        </li>
      ))}
    </Stack>
  );
}
