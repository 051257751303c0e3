import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { session } from '../../../lib/session/index.ts';

interface Changes {
  full_name?: string | null;
  current_password?: string;
  new_password?: string;
}

export const useUpdateProfile = () =>
  useMutation({
    mutationFn: (body: Changes) => unwrap(api.PUT('/api/v2/auth/profile', { body })),
    onSuccess: session.updateUser,
  });
