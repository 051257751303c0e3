import { Select, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { createFileRoute } from '@tanstack/react-router';
import { ButtonLink } from '../../components/links.tsx';
import { LoadMore } from '../../components/load-more.tsx';
import { Page } from '../../components/page.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { useTasks } from '../../features/tasks/api/list-tasks.ts';
import { TaskList } from '../../features/tasks/components/task-list.tsx';
import { TasksEmpty } from '../../features/tasks/components/tasks-empty.tsx';
import { STATUS } from '../../features/tasks/status.ts';
import { allItems } from '../../lib/api/pages.ts';
import type { Task } from '../../lib/api/types.ts';
import { useUser } from '../../lib/session/index.ts';

type Status = Task['status'];
const isStatus = (value: unknown): value is Status => typeof value === 'string' && value in STATUS;

export const Route = createFileRoute('/_app/tasks/')({
  validateSearch: (search: Record<string, unknown>): { status?: Status } =>
    isStatus(search['status']) ? { status: search['status'] } : {},
  component: TasksPage,
});

const TITLES = { buyer: 'My tasks', agent: 'My queue', admin: 'All tasks' } as const;
const OPTIONS = [
  { value: 'all', label: 'All tasks' },
  ...Object.entries(STATUS).map(([value, { label }]) => ({ value, label })),
];

function TasksPage() {
  const { user_type: role } = useUser();
  const { status } = Route.useSearch();
  const navigate = Route.useNavigate();
  const query = useTasks(status);
  return (
    <Page
      title={TITLES[role]}
      actions={
        role === 'buyer' && (
          <ButtonLink to="/tasks/new" leftSection={<IconPlus size={16} aria-hidden />}>
            Post a task
          </ButtonLink>
        )
      }
    >
      <Select
        aria-label="Show tasks by status"
        w={180}
        allowDeselect={false}
        data={OPTIONS}
        value={status ?? 'all'}
        onChange={(value) => void navigate({ search: isStatus(value) ? { status: value } : {} })}
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
    </Page>
  );
}
