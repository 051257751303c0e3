import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const useForgotPassword = () =>
  useMutation({
    mutationFn: (email: string) => unwrap(api.POST('/api/v2/auth/forgot-password', { body: { email } })),
  });
