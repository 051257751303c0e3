import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { pages } from '../../../lib/api/pages.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { AdminUser } from '../../../lib/api/types.ts';

export interface UserFilter {
  /** Part of an e-mail address or name; empty: everybody. */
  readonly q: string;
  readonly role: AdminUser['user_type'] | undefined;
}

export const useUsers = ({ q, role }: UserFilter) =>
  useInfiniteQuery({
    queryKey: [...keys.admin, 'users', q, role ?? 'all'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v2/admin/users', {
          params: { query: { limit: 50, ...pageParam, ...(q !== '' && { q }), ...(role && { role }) } },
        }),
      ),
    ...pages,
  });
