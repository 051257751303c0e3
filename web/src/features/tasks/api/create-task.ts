import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered, useOneAtATime, withoutRefused } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { ApiError, hasCode, isOutcomeUnknown, localProblem, unwrap } from '../../../lib/api/problem.ts';
import type { CreateTask, Task } from '../../../lib/api/types.ts';
import type { DraftKeeper } from '../draft-keeper.ts';

export interface Posted {
  readonly task: Task;
  /** The task is as the form was at an earlier try, whose answer was lost. */
  readonly asBefore: boolean;
}

const create = (body: CreateTask, key: string): Promise<Task> =>
  unwrap(api.POST('/api/v2/tasks/create', { params: { header: { 'Idempotency-Key': key } }, body }));

/**
 * Posts what the form says under the key of the draft. Had an earlier body gone through without an answer, the server
 * refuses another one, and the task of the earlier one is fetched by sending that again.
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

/** Posts the task of a draft, once: by a second click, after a lost answer and in another tab it is the same task. */
export function usePostDraft(keeper: DraftKeeper) {
  const client = useQueryClient();
  const mutation = useMutation({
    ...untilAnswered,
    mutationFn: (body: CreateTask) => post(keeper, body),
    onMutate: keeper.sent,
    onError: (error, body) => {
      if (!isOutcomeUnknown(error)) keeper.refused(body);
      // A refusal may be that of a price which the operator has changed since it was shown.
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
