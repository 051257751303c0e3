import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Takes the lease of an assigned task; starting it again has no further effect. */
export function useStartTask() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: (task_id: string) =>
      unwrap(api.POST('/api/v2/tasks/{task_id}/start', { params: { path: { task_id } } })),
    onSuccess: (task) => client.setQueryData([...keys.tasks, 'one', task.id], task),
    // Also after a refusal: then the task is somebody else's, and the page should say so.
    onSettled: () => client.invalidateQueries({ queryKey: keys.tasks }),
  });
}
