import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useCancelTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (task_id: string) =>
      unwrap(api.POST('/api/v2/tasks/{task_id}/cancel', { params: { path: { task_id } } })),
    // Also after a refusal: then the task has moved on, and the page should show it.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.tasks }),
        client.invalidateQueries({ queryKey: keys.wallet }),
      ]),
  });
}
