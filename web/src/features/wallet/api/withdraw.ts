import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useWithdraw() {
  const client = useQueryClient();
  return useOnce({
    name: 'withdrawal',
    send: (body: { amount_satoshis: number }, key) =>
      unwrap(
        api.POST('/api/v2/wallet/withdrawals', { params: { header: { 'Idempotency-Key': key } }, body }),
      ),
    // Also after an error: it may concern a second attempt, while the first moved money.
    onSettled: () => client.invalidateQueries({ queryKey: keys.wallet }),
  });
}
