import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { hasCode, unwrap } from '../../../lib/api/problem.ts';
import type { Task } from '../../../lib/api/types.ts';

/**
 * Cancels a task. Succeeds if it is cancelled already, because the response to an earlier attempt may have been lost.
 */
async function cancel(task_id: string): Promise<Task> {
  const path = { params: { path: { task_id } } };
  try {
    return await unwrap(api.POST('/api/v2/tasks/{task_id}/cancel', path));
  } catch (error) {
    if (!hasCode(error, 'wrong_state')) throw error;
    const task = await unwrap(api.GET('/api/v2/tasks/{task_id}', path));
    if (task.status === 'cancelled') return task;
    throw error;
  }
}

export function useCancelTask() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: cancel,
    // Also after an error: the task has changed, and the page should show it.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.tasks }),
        client.invalidateQueries({ queryKey: keys.wallet }),
      ]),
  });
}
