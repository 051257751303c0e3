import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export interface Credit {
  user_id: string;
  amount_satoshis: number;
  reason: string;
}

export function useCreditWallet() {
  const client = useQueryClient();
  return useOnce({
    name: 'credit',
    send: (body: Credit, key) =>
      unwrap(
        api.POST('/api/v2/admin/wallet/credit', { params: { header: { 'Idempotency-Key': key } }, body }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.wallet }),
  });
}
