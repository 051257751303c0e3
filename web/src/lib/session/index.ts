import { useSyncExternalStore } from 'react';
import { createSession, type SessionState, type User } from './session.ts';
import { broadcastTabs } from './tabs.ts';

export type { SessionState, User } from './session.ts';

export const session = createSession((input, init) => fetch(input, init), Date.now, broadcastTabs());

// A page restored from the browser's cache may belong to a user who has signed out since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) session.recheck();
});

export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, session.get);

/** The signed-in user; only below routes that require one. */
export function useUser(): User {
  const state = useSession();
  if (state.status !== 'signed_in') throw new Error('this part of the page needs a signed-in user');
  return state.user;
}
