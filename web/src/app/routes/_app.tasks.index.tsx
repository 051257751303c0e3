import { createFileRoute } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import { ButtonLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { TaskBrowser } from '../../features/tasks/components/task-browser.tsx';
import { STATUS } from '../../features/tasks/status.ts';
import { AvailabilitySwitch } from '../../features/work/components/queue/availability-switch.tsx';
import { Queue } from '../../features/work/components/queue/queue.tsx';
import type { Task } from '../../lib/api/types.ts';
import { useUser } from '../../lib/session/index.ts';

type Status = Task['status'];
const isStatus = (value: unknown): value is Status => typeof value === 'string' && value in STATUS;

export const Route = createFileRoute('/_app/tasks/')({
  validateSearch: (search: Record<string, unknown>): { status?: Status } =>
    isStatus(search['status']) ? { status: search['status'] } : {},
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
  const { status } = Route.useSearch();
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
        status={status}
        onStatus={(next) => void navigate({ search: next === undefined ? {} : { status: next } })}
      />
    </Page>
  );
}
