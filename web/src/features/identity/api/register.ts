import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { useIdempotencyKeys } from '../../../lib/api/idempotency.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export interface Registration {
  email: string;
  password: string;
  user_type: 'buyer' | 'agent';
  full_name?: string;
  agent_name?: string;
}

export function useRegister() {
  const keys = useIdempotencyKeys();
  return useMutation({
    mutationFn: (body: Registration) =>
      unwrap(
        api.POST('/api/v2/auth/register', {
          params: { header: { 'Idempotency-Key': keys.keyFor(body) } },
          body,
        }),
      ),
    onSuccess: keys.succeeded,
  });
}
