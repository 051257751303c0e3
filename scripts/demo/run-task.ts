import { SingleBar } from 'cli-progress';
import type { TaskView } from '../../contracts/api/tasks.ts';
import type { DukeNet } from '../../client/typescript/src/index.ts';

/** Waits until a task has ended, with a progress bar on a terminal, else with a line at intervals. */
export async function waitForTask(api: DukeNet, taskId: string, timeoutMs: number): Promise<TaskView> {
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
    const onUpdate = ({ progress, status }: TaskView): void => {
      if (progress) bar.setTotal(progress.chunk_count);
      bar.update(progress?.chunks_done ?? 0, { status });
    };
    return await api.waitForTask(taskId, { timeoutMs, onUpdate });
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

/** All answered items of a result. */
export async function allAnswers(api: DukeNet, resultId: string): Promise<AnsweredItem[]> {
  const items = await Array.fromAsync(api.items('listResultItems', { params: { result_id: resultId } }));
  return items.map((item) => ({ ...item, summary: item.explanation?.summary }));
}
