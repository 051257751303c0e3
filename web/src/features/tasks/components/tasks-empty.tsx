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
        title="No task matches"
        description="Choose another filter, or search for something else."
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
