import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useIdempotencyKeys } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useWithdraw() {
  const client = useQueryClient();
  const idempotency = useIdempotencyKeys();
  return useMutation({
    mutationFn: (body: { amount_satoshis: number }) =>
      unwrap(
        api.POST('/api/v2/wallet/withdrawals', {
          params: { header: { 'Idempotency-Key': idempotency.keyFor(body) } },
          body,
        }),
      ),
    onSuccess: () => {
      idempotency.succeeded();
      return client.invalidateQueries({ queryKey: keys.wallet });
    },
  });
}
