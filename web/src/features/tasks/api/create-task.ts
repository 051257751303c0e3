import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered, useOneAtATime, withoutRefused } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { ApiError, hasCode, isOutcomeUnknown, localProblem, unwrap } from '../../../lib/api/problem.ts';
import type { CreateTask, Task } from '../../../lib/api/types.ts';
import type { DraftKeeper } from '../draft-keeper.ts';

export interface Posted {
  readonly task: Task;
  /** The task that an earlier attempt created from the same form, whose response was lost. */
  readonly asBefore: boolean;
}

const create = (body: CreateTask, key: string): Promise<Task> =>
  unwrap(api.POST('/api/v2/tasks/create', { params: { header: { 'Idempotency-Key': key } }, body }));

/**
 * Posts the form under the key of the draft. If an earlier body was accepted without a response, the server rejects a
 * different one; sending the earlier body again returns its task.
 */
async function post(keeper: DraftKeeper, body: CreateTask): Promise<Posted> {
  const { id, unanswered } = keeper.get().draft;
  try {
    return { task: await create(body, id), asBefore: false };
  } catch (error) {
    if (!hasCode(error, 'idempotency_key_reused')) throw error;
    for (const earlier of withoutRefused(unanswered, body)) {
      const task = await create(earlier, id).catch((refusal: unknown) => {
        if (!hasCode(refusal, 'idempotency_key_reused')) throw refusal;
      });
      if (task) return { task, asBefore: true };
    }
    const problem = localProblem(
      409,
      'posted_before',
      'This draft was posted before',
      'Its task is in your list.',
    );
    throw new ApiError(problem, { cause: error });
  }
}

/**
 * Posts the task of a draft once: a second click, a retry after a lost response and another tab all get the same
 * task.
 */
export function usePostDraft(keeper: DraftKeeper) {
  const client = useQueryClient();
  const mutation = useMutation({
    ...untilAnswered,
    mutationFn: (body: CreateTask) => post(keeper, body),
    onMutate: keeper.sent,
    onError: (error, body) => {
      if (!isOutcomeUnknown(error)) keeper.refused(body);
      // The error may come from a price that the operator has changed since it was shown.
      if (hasCode(error, 'no_agent_available')) void client.invalidateQueries({ queryKey: keys.pricing });
    },
    onSuccess: ({ task }) => {
      keeper.posted(task.id);
      client.setQueryData([...keys.tasks, 'one', task.id], task);
      void client.invalidateQueries({ queryKey: keys.wallet });
      void client.invalidateQueries({ queryKey: [...keys.tasks, 'list'] });
    },
  });
  return { ...mutation, mutate: useOneAtATime(mutation) };
}
