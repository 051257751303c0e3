import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { TaskView } from '../../contracts/api/tasks.ts';
import { isUnfinished } from '../../contracts/rules/task-status.ts';
import type { ApiClient } from '../shared/api-client.ts';

const POLL_MS = 500;

/** Waits until a task has ended, with a progress bar on a terminal and a line at a time elsewhere. */
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
    for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(POLL_MS)) {
      const task = await api.call('getTask', { params: { task_id: taskId } });
      if (task.progress) bar.setTotal(task.progress.chunk_count);
      bar.update(task.progress?.chunks_done ?? 0, { status: task.status });
      if (!isUnfinished(task.status)) return task;
    }
  } finally {
    bar.stop();
  }
  throw new Error(`task ${taskId} was not done within ${timeoutMs / 1000} s`);
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
