import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { hasCode, unwrap } from '../../../lib/api/problem.ts';

const accept = (result_id: string) =>
  unwrap(
    api.POST('/api/v2/results/{result_id}/feedback', {
      // A key of the result: the same acceptance by a second click, or after a lost answer, happens once.
      params: { path: { result_id }, header: { 'Idempotency-Key': `accept-all:${result_id}` } },
      body: { verdict: 'accept' },
    }),
  );

/** Accepts results one after the other. One that was judged meanwhile keeps its verdict. @returns how many were accepted */
async function acceptAll(resultIds: readonly string[]): Promise<number> {
  let accepted = 0;
  for (const id of resultIds) {
    try {
      await accept(id);
      accepted += 1;
    } catch (error) {
      if (!hasCode(error, 'already_judged') && !hasCode(error, 'review_closed')) throw error;
    }
  }
  return accepted;
}

export function useAcceptResults() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: acceptAll,
    onSettled: () =>
      Promise.all(
        [keys.tasks, keys.results, keys.wallet].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  });
}
