import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const useResetPassword = () =>
  useMutation({
    mutationFn: (body: { email: string; code: string; new_password: string }) =>
      unwrap(api.POST('/api/v2/auth/reset-password', { body })),
  });
