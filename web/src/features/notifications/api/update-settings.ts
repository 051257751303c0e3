import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { NotificationChange } from '../../../lib/api/types.ts';

/** Changes the given settings. Repeating it is safe: it sets values and adds nothing. */
export function useUpdateNotifications() {
  const client = useQueryClient();
  return useMutation({
    ...untilAnswered,
    mutationFn: (body: NotificationChange) => unwrap(api.PATCH('/api/v2/notifications/settings', { body })),
    onSuccess: (settings) => client.setQueryData(keys.notifications, settings),
  });
}
