import { createFileRoute } from '@tanstack/react-router';
import { isUnfinished } from '../../../../contracts/rules/task-status.ts';
import { NotFound } from '../../components/not-found.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { FileName } from '../../features/files/components/file-name.tsx';
import { ReceiptCard } from '../../features/receipts/components/receipt-card.tsx';
import { useTask } from '../../features/tasks/api/get-task.ts';
import { Execution } from '../../features/work/components/execution/execution.tsx';
import { TaskLost } from '../../features/work/components/task-lost.tsx';
import { TaskDetail } from '../../features/tasks/components/detail/task-detail.tsx';
import { hasCode } from '../../lib/api/problem.ts';
import type { Task } from '../../lib/api/types.ts';
import { useUser, type User } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/tasks/$taskId')({ component: TaskPage });

const SHOWN_FILES = 5;

const nameOfFile = (id: string) => <FileName id={id} />;

function FileNames({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.slice(0, SHOWN_FILES).map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <FileName id={id} />
        </span>
      ))}
      {ids.length > SHOWN_FILES && ` and ${ids.length - SHOWN_FILES} more`}
    </>
  );
}

/** Whether this user has the task to do, as its agent or as the reviewer of its unsure items. */
const hasToDo = (user: User, { status, assigned_agent_id, reviewer_id, review_state }: Task): boolean =>
  isUnfinished(status) &&
  (assigned_agent_id === user.id || (reviewer_id === user.id && review_state === 'open'));

function TaskPage() {
  const { taskId } = Route.useParams();
  const user = useUser();
  const navigate = Route.useNavigate();
  const query = useTask(taskId);
  // An id that is none is answered with 422; to a reader it is the same as one that leads nowhere.
  if (hasCode(query.error, 'not_found') || hasCode(query.error, 'validation_failed'))
    return user.user_type === 'agent' ? <TaskLost /> : <NotFound />;
  return (
    <QueryState query={query}>
      {(task) =>
        hasToDo(user, task) ? (
          <Execution key={task.id} task={task} onEnded={() => void navigate({ to: '/tasks' })} />
        ) : (
          <TaskDetail
            key={task.id}
            task={task}
            files={<FileNames ids={task.files} />}
            nameOfFile={nameOfFile}
            receipt={<ReceiptCard task={task} />}
          />
        )
      }
    </QueryState>
  );
}
