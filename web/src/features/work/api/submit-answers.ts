import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered, useOneAtATime } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Submission } from '../../../lib/api/types.ts';

interface SubmitRequest {
  readonly body: Submission;
  /** Identifies the click. A later one may send other answers, so it has a key of its own. */
  readonly key: string;
}

/**
 * Answers to some or all items of a task, or the word that the agent gives it up. Sending an answer again replaces it, and
 * delivering again finds what was delivered: after a lost response or a reload, everything may simply be sent once more.
 */
export function useSubmitAnswers(task_id: string) {
  const client = useQueryClient();
  const mutation = useMutation({
    ...untilAnswered,
    mutationFn: ({ body, key }: SubmitRequest) =>
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
  return { ...mutation, mutate: useOneAtATime(mutation) };
}
