import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useIdempotencyKeys } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export interface Credit {
  user_id: string;
  amount_satoshis: number;
  reason: string;
}

export function useCreditWallet() {
  const client = useQueryClient();
  const idempotency = useIdempotencyKeys();
  return useMutation({
    mutationFn: (body: Credit) =>
      unwrap(
        api.POST('/api/v2/admin/wallet/credit', {
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
