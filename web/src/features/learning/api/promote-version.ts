import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Also rolls back to an earlier version. */
export function usePromoteVersion(version: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { override_reason?: string }) =>
      unwrap(api.POST('/api/v2/model/promote/{version}', { params: { path: { version } }, body })),
    // Also after an error: somebody else may have changed the version in production.
    onSettled: () => client.invalidateQueries({ queryKey: keys.model }),
  });
}
