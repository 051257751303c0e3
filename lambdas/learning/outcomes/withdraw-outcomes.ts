import { objects } from '../../../contracts/naming.ts';
import { questionOf } from '../../shared/question.ts';
import type { ResultStore } from '../../shared/stores/result-store.ts';
import type { TaskStore } from '../../shared/stores/task-store.ts';
import { forgetTask } from './recall-confirmed.ts';
import type { RecallDependencies } from './recall-confirmed.ts';

export interface WithdrawDependencies extends RecallDependencies {
  readonly tasks: TaskStore;
  readonly results: ResultStore;
}

/**
 * Deletes the outcomes of a task that was withdrawn from training: its file, on whose existence every later data set
 * depends, and its rows in the recall of its question. The family is marked first, so that no later version keeps a state
 * that was trained on them. Idempotent.
 */
export async function withdrawOutcomes(deps: WithdrawDependencies, taskId: string): Promise<void> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (!task) throw new Error(`task ${taskId} is gone`);
  if (task.allow_training || !('result_id' in task)) return;
  const result = await deps.results.get(task.result_id, { consistent: true });
  // Outcomes of a task that is not judged yet will not be stored.
  if (!result || result.verdict === 'pending') return;
  await deps.work.put(objects.withdrawal(task.family, deps.clock().toISOString()), '', 'text/plain');
  const key = objects.outcomes(task.id, result.judged_at);
  await deps.work.remove(key);
  await forgetTask(deps, { question: questionOf(task), resultId: result.id, key });
}
