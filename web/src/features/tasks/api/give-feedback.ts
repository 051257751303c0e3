import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Feedback } from '../../../lib/api/types.ts';

/** Sends the buyer's verdict, which settles the escrow once. */
export function useGiveFeedback(result_id: string) {
  const client = useQueryClient();
  return useOnce({
    name: `feedback:${result_id}`,
    send: (body: Feedback, key) =>
      unwrap(
        api.POST('/api/v2/results/{result_id}/feedback', {
          params: { path: { result_id }, header: { 'Idempotency-Key': key } },
          body,
        }),
      ),
    // Also after an error: the review window may be over, and the page should show the verdict.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [...keys.results, 'one', result_id] }),
        client.invalidateQueries({ queryKey: [...keys.tasks, 'one'] }),
        client.invalidateQueries({ queryKey: [...keys.tasks, 'list'] }),
        client.invalidateQueries({ queryKey: keys.wallet }),
      ]),
  });
}
