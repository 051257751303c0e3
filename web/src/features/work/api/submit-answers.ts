import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Submission } from '../../../lib/api/types.ts';

/** Answers to some or all items of a task, or the word that the agent gives it up. */
export function useSubmitAnswers(task_id: string) {
  const client = useQueryClient();
  return useOnce({
    name: `submission:${task_id}`,
    send: (body: Submission, key) =>
      unwrap(
        api.POST('/api/v2/tasks/{task_id}/submit-result', {
          params: { path: { task_id }, header: { 'Idempotency-Key': key } },
          body,
        }),
      ),
    onSettled: () =>
      Promise.all(
        [keys.tasks, keys.agents, keys.wallet].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}
