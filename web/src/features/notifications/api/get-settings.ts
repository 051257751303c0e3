import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const useNotificationSettings = () =>
  useQuery({
    queryKey: keys.notifications,
    queryFn: () => unwrap(api.GET('/api/v2/notifications/settings')),
  });
