import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import { session } from '../../../lib/session/index.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** Signs in; the refresh token stays in an HttpOnly cookie. */
export const useLogin = () =>
  useMutation({
    mutationFn: ({ email, password }: Credentials) =>
      unwrap(api.POST('/api/v2/auth/login', { body: { email, password, cookie: true } })),
    onSuccess: session.open,
  });
