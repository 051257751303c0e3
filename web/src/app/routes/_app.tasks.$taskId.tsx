import { createFileRoute } from '@tanstack/react-router';
import { NotFound } from '../../components/not-found.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { FileName } from '../../features/files/components/file-name.tsx';
import { useTask } from '../../features/tasks/api/get-task.ts';
import { TaskDetail } from '../../features/tasks/components/detail/task-detail.tsx';
import { hasCode } from '../../lib/api/problem.ts';

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

function TaskPage() {
  const { taskId } = Route.useParams();
  const query = useTask(taskId);
  // An id that is none is answered with 422; to a reader it is the same as one that leads nowhere.
  if (hasCode(query.error, 'not_found') || hasCode(query.error, 'validation_failed')) return <NotFound />;
  return (
    <QueryState query={query}>
      {(task) => (
        <TaskDetail
          key={task.id}
          task={task}
          files={<FileNames ids={task.files} />}
          nameOfFile={nameOfFile}
        />
      )}
    </QueryState>
  );
}
