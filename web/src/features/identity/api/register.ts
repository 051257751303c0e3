import { api } from '../../../lib/api/client.ts';
import { useOnce } from '../../../lib/api/idempotency.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export interface Registration {
  email: string;
  password: string;
  user_type: 'buyer' | 'agent';
  full_name?: string;
  agent_name?: string;
}

/** No storage key, so that the password is not stored. */
export const useRegister = () =>
  useOnce({
    send: (body: Registration, key) =>
      unwrap(api.POST('/api/v2/auth/register', { params: { header: { 'Idempotency-Key': key } }, body })),
  });
