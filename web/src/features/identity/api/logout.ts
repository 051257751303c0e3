import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { api } from '../../../lib/api/client.ts';
import { hasCode, unwrap } from '../../../lib/api/problem.ts';
import { session } from '../../../lib/session/index.ts';

/**
 * Ends this session or, with `everywhere`, all of them, clears the stored data of every tab, and reports a failure.
 * An expired session keeps drafts and unsent corrections; signing out deletes them.
 */
export function useLogout() {
  const { history } = useRouter();
  return useMutation({
    mutationFn: (everywhere: boolean) =>
      unwrap(api.POST('/api/v2/auth/logout', { body: { everywhere } })).catch((error: unknown) => {
        if (!hasCode(error, 'unauthenticated')) throw error; // else it has ended already
      }),
    onSuccess: () => {
      session.signOut();
      history.replace('/'); // whoever signs in next does not want the page of who left
    },
  });
}
