import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Accounts whose e-mail address or name contains a text; for administrators. */
export const useAccounts = (q: string) =>
  useQuery({
    queryKey: [...keys.admin, 'accounts', q],
    queryFn: async () => {
      const query = { limit: 20, ...(q !== '' && { q }) };
      return (await unwrap(api.GET('/api/v2/admin/users', { params: { query } }))).items;
    },
    placeholderData: (before) => before,
  });
