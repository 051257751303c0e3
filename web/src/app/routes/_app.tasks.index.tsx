import { createFileRoute } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import { ButtonLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { TaskBrowser } from '../../features/tasks/components/task-browser.tsx';
import { isTaskFilter, type TaskFilter } from '../../features/tasks/task-filters.ts';
import { AvailabilitySwitch } from '../../features/work/components/queue/availability-switch.tsx';
import { Queue } from '../../features/work/components/queue/queue.tsx';
import { useUser } from '../../lib/session/index.ts';

interface Search {
  show?: TaskFilter;
  q?: string;
}

export const Route = createFileRoute('/_app/tasks/')({
  validateSearch: ({ show, q }: Record<string, unknown>): Search => ({
    ...(isTaskFilter(show) && { show }),
    ...(typeof q === 'string' && q !== '' && { q }),
  }),
  component: TasksPage,
});

function TasksPage() {
  const { user_type: role } = useUser();
  return role === 'agent' ? <QueuePage /> : <TaskListPage role={role} />;
}

function QueuePage() {
  return (
    <Page
      title="My queue"
      description="A task that you do not deliver in time goes to another agent."
      actions={<AvailabilitySwitch />}
    >
      <Queue />
    </Page>
  );
}

function TaskListPage({ role }: { role: 'buyer' | 'admin' }) {
  const { show, q = '' } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <Page
      title={role === 'buyer' ? 'My tasks' : 'All tasks'}
      actions={
        role === 'buyer' && (
          <ButtonLink to="/tasks/new" leftSection={<IconPlus size={16} aria-hidden />}>
            Post a task
          </ButtonLink>
        )
      }
    >
      <TaskBrowser
        role={role}
        view={{ show, search: q }}
        onView={(view) =>
          void navigate({
            search: { ...(view.show && { show: view.show }), ...(view.search !== '' && { q: view.search }) },
            replace: true,
          })
        }
      />
    </Page>
  );
}
