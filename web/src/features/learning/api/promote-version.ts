import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Also the way back to an earlier version. */
export function usePromoteVersion(version: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { override_reason?: string }) =>
      unwrap(api.POST('/api/v2/model/promote/{version}', { params: { path: { version } }, body })),
    // Also after a refusal: somebody else may have changed what serves, and the page should show it.
    onSettled: () => client.invalidateQueries({ queryKey: keys.model }),
  });
}
