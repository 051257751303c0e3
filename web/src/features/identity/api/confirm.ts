import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';

export const useConfirm = () =>
  useMutation({
    mutationFn: (body: { email: string; code: string }) => unwrap(api.POST('/api/v2/auth/confirm', { body })),
  });
