// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { createSession, type User } from './session.ts';
import { broadcastTabs, type TabMessage, type Tabs } from './tabs.ts';

const user: User = {
  id: '018f0000-0000-7000-8000-000000000001',
  email: 'buyer@dukenet.local',
  user_type: 'buyer',
  full_name: null,
  created_at: '2026-01-01T00:00:00.000Z',
  is_active: true,
};
const sessionBody = (access_token: string) => ({
  access_token,
  id_token: 'id',
  token_type: 'Bearer' as const,
  expires_in: 3600,
  user,
});

describe('the tabs of a browser', () => {
  /** Tabs that share a channel: each hears what the others tell. */
  function browser() {
    const listeners: ((message: TabMessage) => void)[] = [];
    const tab = (send: typeof fetch = () => Promise.reject(new Error('offline'))) => {
      const mine = listeners.length;
      const tabs: Tabs = {
        tell: (message) => listeners.forEach((listener, i) => i !== mine && listener(message)),
        hear: (listener) => void listeners.push(listener),
      };
      return createSession(send, () => 0, tabs);
    };
    return { tab };
  }
  const other = { ...user, id: '018f0000-0000-7000-8000-000000000002' };

  it('are signed out together, and delete the data of the user', () => {
    const { tab } = browser();
    const [here, there] = [tab(), tab()];
    here.open(sessionBody('t1'));
    there.open(sessionBody('t2'));
    sessionStorage.setItem('corrections', 'x');
    localStorage.setItem('draft', 'x');
    localStorage.setItem('mantine-color-scheme-value', 'dark');
    here.signOut();
    expect([here.get(), there.get()]).toEqual([{ status: 'anonymous' }, { status: 'anonymous' }]);
    expect([sessionStorage.length, Object.keys(localStorage)]).toEqual([0, ['mantine-color-scheme-value']]);
  });

  it('ignore a token that was requested before the sign-out', async () => {
    const { tab } = browser();
    const asked: ((response: Response) => void)[] = [];
    const slow = (() => new Promise<Response>((resolve) => asked.push(resolve))) as typeof fetch;
    const [here, there] = [tab(), tab(slow)];
    here.open(sessionBody('t1'));
    const renewed = there.renew();
    await vi.waitFor(() => expect(asked).toHaveLength(1), 60_000);
    here.signOut();
    asked[0]!(Response.json(sessionBody('t2')));
    await renewed;
    expect(there.get()).toEqual({ status: 'anonymous' });
  });

  it('hide the data of a user when another one has signed in, and reload the profile', async () => {
    const { tab } = browser();
    const [here, there] = [tab(), tab()];
    there.open(sessionBody('t1'));
    here.open({ ...sessionBody('t2'), user: other });
    expect(there.get()).toEqual({ status: 'starting' });
    const stays = tab();
    stays.open({ ...sessionBody('t3'), user: other });
    expect(here.get()).toMatchObject({ status: 'signed_in', user: other });
  });

  it('communicate through a BroadcastChannel', async () => {
    const [one, two] = [broadcastTabs('test'), broadcastTabs('test')];
    const heard = new Promise<TabMessage>((resolve) => two.hear(resolve));
    one.tell({ kind: 'signed_out' });
    expect(await heard).toEqual({ kind: 'signed_out' });
  });

  it('reload when the browser restores a cached page', () => {
    const { tab } = browser();
    const here = tab();
    here.open(sessionBody('t1'));
    here.recheck();
    expect(here.get()).toEqual({ status: 'starting' });
  });
});
