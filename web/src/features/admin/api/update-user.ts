import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { Schemas } from '../../../../../client/typescript/src/types.ts';

/** Disables or enables an account, or changes its role. Repeating it is safe. */
export function useUpdateUser(user_id: string) {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: (body: Schemas['UserChange']) =>
      unwrap(api.PATCH('/api/v2/admin/users/{user_id}', { params: { path: { user_id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.admin }),
  });
}
