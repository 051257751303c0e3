import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useIdempotencyKeys } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { CreateTask } from '../../../lib/api/types.ts';

/** Posts a task. A second try after a lost answer finds the first task: no money is held twice. */
export function useCreateTask() {
  const client = useQueryClient();
  const idempotency = useIdempotencyKeys();
  return useMutation({
    mutationFn: (body: CreateTask) =>
      unwrap(
        api.POST('/api/v2/tasks/create', {
          params: { header: { 'Idempotency-Key': idempotency.keyFor(body) } },
          body,
        }),
      ),
    onSuccess: (task) => {
      idempotency.succeeded();
      client.setQueryData([...keys.tasks, 'one', task.id], task);
      void client.invalidateQueries({ queryKey: keys.wallet });
      void client.invalidateQueries({ queryKey: [...keys.tasks, 'list'] });
    },
  });
}
