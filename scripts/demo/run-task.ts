import { SingleBar } from 'cli-progress';
import type { TaskView } from '../../contracts/api/tasks.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import type { ApiClient } from '../shared/api-client.ts';
import { poll } from '../shared/poll.ts';

const POLL_MS = 500;

/** Waits until a task has ended. @param look called with the task each time that it is read */
export const taskEnd = (
  api: ApiClient,
  taskId: string,
  { everyMs, timeoutMs }: { readonly everyMs: number; readonly timeoutMs: number },
  look: (task: TaskView) => void = () => undefined,
): Promise<TaskView> =>
  poll(
    async () => {
      const task = await api.call('getTask', { params: { task_id: taskId } });
      look(task);
      return isUnfinished(task.status) ? undefined : task;
    },
    { everyMs, timeoutMs, timeout: `task ${taskId} was not done` },
  );

/** Waits until a task has ended, with a progress bar on a terminal, and with a line at intervals elsewhere. */
export async function waitForTask(api: ApiClient, taskId: string, timeoutMs: number): Promise<TaskView> {
  const bar = new SingleBar({
    format: 'Duke MM works  {bar}  {value}/{total} parts  {status}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(1, 0, { status: 'created' });
  try {
    return await taskEnd(api, taskId, { everyMs: POLL_MS, timeoutMs }, ({ progress, status }) => {
      if (progress) bar.setTotal(progress.chunk_count);
      bar.update(progress?.chunks_done ?? 0, { status });
    });
  } finally {
    bar.stop();
  }
}

export interface AnsweredItem {
  readonly id: string;
  readonly prediction: string | number | null;
  readonly confidence?: number | undefined;
  readonly summary?: string | undefined;
}

/** Every answered item of a result, page by page. */
export async function allAnswers(api: ApiClient, resultId: string): Promise<AnsweredItem[]> {
  const answers: AnsweredItem[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const page = await api.call('listResultItems', {
      params: { result_id: resultId },
      query: { limit: 100, ...(cursor !== undefined && { cursor }) },
    });
    answers.push(...page.items.map((item) => ({ ...item, summary: item.explanation?.summary })));
    cursor = page.next_cursor ?? undefined;
    more = cursor !== undefined;
  }
  return answers;
}
