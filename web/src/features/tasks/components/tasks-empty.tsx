import { EmptyState } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { ButtonLink } from '../../../components/links.tsx';
import type { User } from '../../../lib/session/index.ts';

interface Props {
  role: User['user_type'];
  filtered: boolean;
}

/** Explains an empty list of tasks and what to do. */
export function TasksEmpty({ role, filtered }: Props) {
  const icon = <IconChecklist aria-hidden />;
  if (filtered)
    return (
      <EmptyState
        icon={icon}
        title="No task has this status"
        description="Choose another status to see more."
      />
    );
  if (role === 'agent')
    return (
      <EmptyState
        icon={icon}
        title="Your queue is empty"
        description="Tasks that are given to you appear here. So far Duke MM takes every task; work for agents opens later."
      />
    );
  if (role === 'admin')
    return (
      <EmptyState
        icon={icon}
        title="No tasks yet"
        description="The tasks of all buyers will be listed here."
      />
    );
  return (
    <EmptyState
      icon={icon}
      title="Post your first task"
      description="Drop a table with some answers filled in: Duke MM learns from those and fills in the rest. You pay when you accept."
    >
      <EmptyState.Actions>
        <ButtonLink to="/tasks/new">Post a task</ButtonLink>
      </EmptyState.Actions>
    </EmptyState>
  );
}
