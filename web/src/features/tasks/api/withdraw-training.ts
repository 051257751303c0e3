import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useWithdrawTraining() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: (task_id: string) =>
      unwrap(
        api.PATCH('/api/v2/tasks/{task_id}', {
          params: { path: { task_id } },
          body: { allow_training: false },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.tasks }),
  });
}
