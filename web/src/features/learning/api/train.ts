import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { keys } from '../../../lib/api/keys.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export function useTrain() {
  const client = useQueryClient();
  return useOnce({
    name: 'train',
    send: (body: { reason?: string }, key) =>
      unwrap(api.POST('/api/v2/model/train', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.model }),
  });
}
