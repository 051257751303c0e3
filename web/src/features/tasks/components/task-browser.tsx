import { Select, Stack } from '@mantine/core';
import { LoadMore } from '../../../components/load-more.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { allItems } from '../../../lib/api/pages.ts';
import type { Task } from '../../../lib/api/types.ts';
import type { User } from '../../../lib/session/index.ts';
import { useTasks } from '../api/list-tasks.ts';
import { STATUS } from '../status.ts';
import { TaskList } from './task-list.tsx';
import { TasksEmpty } from './tasks-empty.tsx';

type Status = Task['status'];

const OPTIONS = [
  { value: 'all', label: 'All tasks' },
  ...Object.entries(STATUS).map(([value, { label }]) => ({ value, label })),
];

interface Props {
  readonly role: User['user_type'];
  readonly status: Status | undefined;
  readonly onStatus: (status: Status | undefined) => void;
}

/** The tasks of a buyer, or all of them, by status. */
export function TaskBrowser({ role, status, onStatus }: Props) {
  const query = useTasks(status);
  return (
    <>
      <Select
        aria-label="Show tasks by status"
        w={180}
        allowDeselect={false}
        data={OPTIONS}
        value={status ?? 'all'}
        onChange={(value) => onStatus(value === null || value === 'all' ? undefined : (value as Status))}
      />
      <QueryState query={query}>
        {(data) => {
          const tasks = allItems(data);
          if (tasks.length === 0) return <TasksEmpty role={role} filtered={status !== undefined} />;
          return (
            <Stack>
              <TaskList tasks={tasks} />
              <LoadMore query={query} />
            </Stack>
          );
        }}
      </QueryState>
    </>
  );
}
