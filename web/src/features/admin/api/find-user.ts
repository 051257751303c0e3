import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** The account with this id: what entries of the audit log name. Accounts are never deleted. */
export const useUserById = (id: string) =>
  useQuery({
    queryKey: [...keys.admin, 'user', id],
    queryFn: async () => {
      const { items } = await unwrap(
        api.GET('/api/v2/admin/users', { params: { query: { q: id, limit: 1 } } }),
      );
      return items[0] ?? null;
    },
    staleTime: 300_000,
  });
