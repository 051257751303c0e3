import { authorizedFetch, type AccessToken } from '../../../../client/typescript/src/tokens.ts';
import type { Schemas } from '../../../../client/typescript/src/types.ts';
import { forgetStored } from './stored.ts';
import { noTabs } from './tabs.ts';
import type { Tabs } from './tabs.ts';

export type User = Schemas['User'];
type Session = Schemas['Session'];

export type SessionState =
  | { readonly status: 'starting' | 'anonymous' | 'unreachable' }
  | (AccessToken & { readonly status: 'signed_in'; readonly user: User });

/** Serializes renewals of several tabs, so that a rotated cookie is never used twice. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('dukenet-session', work) : work();

/**
 * The session of this tab. The access token is in memory only; the refresh token is an HttpOnly cookie that this code
 * cannot read. `fetch` adds the token, renews it before it expires, and once more if the server rejects it. All tabs
 * of a browser sign out together, and follow when another user signs in.
 */
export function createSession(send: typeof fetch, now: () => number = Date.now, tabs: Tabs = noTabs) {
  let state: SessionState = { status: 'starting' };
  /** Incremented by each sign-out: a token requested before is discarded. */
  let signOuts = 0;
  let renewing: Promise<void> | undefined;
  const listeners = new Set<() => void>();

  const set = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const userId = () => (state.status === 'signed_in' ? state.user.id : undefined);
  const forget = (): void => {
    signOuts += 1;
    forgetStored();
    set({ status: 'anonymous' });
  };
  /** Asks the server who is signed in; renders nothing until then. */
  const recheck = (): void => {
    if (state.status === 'signed_in') set({ status: 'starting' });
  };
  tabs.hear((message) => {
    if (message.kind === 'signed_out') forget();
    else if (message.userId !== userId()) recheck();
  });
  const open = (session: Session): void => {
    const expiresAt = now() + session.expires_in * 1000;
    if (userId() !== session.user.id) tabs.tell({ kind: 'signed_in', userId: session.user.id });
    set({ status: 'signed_in', user: session.user, accessToken: session.access_token, expiresAt });
  };

  async function askForToken(): Promise<void> {
    const before = signOuts;
    const response = await send('/api/v2/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => null); // offline is no reason to sign anybody out
    const body = response?.ok ? ((await response.json()) as Session) : undefined;
    if (signOuts !== before) return;
    if (body) return open(body);
    if (response?.status === 401 || response?.status === 403) return set({ status: 'anonymous' });
    if (state.status !== 'signed_in') set({ status: 'unreachable' });
  }
  /** Concurrent calls share one request. */
  const renew = (): Promise<void> =>
    (renewing ??= alone(askForToken).finally(() => {
      renewing = undefined;
    }));

  const current = () => (state.status === 'signed_in' ? state : undefined);

  return {
    get: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open,
    /** In every tab of this browser. */
    signOut: () => {
      tabs.tell({ kind: 'signed_out' });
      forget();
    },
    recheck,
    updateUser: (user: User) => {
      if (state.status === 'signed_in') set({ ...state, user });
    },
    renew,
    fetch: authorizedFetch({ current, renew }, send, now),
  };
}
