import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { cleanup, render, screen } from '@testing-library/react';
import { vi } from 'vitest';
import { createQueryClient } from '../app/query-client.ts';
import { createAppRouter } from '../app/router.tsx';
import { session, type User } from '../lib/session/index.ts';
import { userOf } from './learning.ts';
import './render.tsx';

/** Whole pages in jsdom on a busy machine. */
export const PATIENCE = { timeout: 60_000 };
window.scrollTo = () => undefined;

/** Ends a test of a page: unmounts it and removes its stubs. */
export function leavePage(): void {
  cleanup();
  vi.unstubAllGlobals();
}

type Answer = object | ((body: unknown) => object);
export const problem = (status: number, code: string, title: string, detail: string) => ({
  ...{ type: 'about:blank', title, status, detail, code, request_id: 'r' },
});
export const page = (...items: object[]) => ({ items, next_cursor: null });

/** What the API answers, by method and path; all that was asked of it. */
export function serve(answers: Record<string, Answer>) {
  const asked: { call: string; body: unknown; key: string | null }[] = [];
  vi.stubGlobal('fetch', async (asks: Request | string, init?: RequestInit) => {
    const input = new Request(typeof asks === 'string' ? new URL(asks, location.origin) : asks, init);
    const { pathname, search } = new URL(input.url);
    const path = pathname.replace('/api/v2', '') + search.replace(/\?limit=\d+$/, '');
    const call = `${input.method} ${path}`;
    const text = await input.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    // Pages ask for live events by themselves, and poll where there are none.
    if (call !== 'POST /live/ticket') asked.push({ call, body, key: input.headers.get('idempotency-key') });
    const found = answers[call] ?? problem(404, 'not_found', 'Not found', `There is no ${call}.`);
    const answer = typeof found === 'function' ? (found as (body: unknown) => object)(body) : found;
    const status = 'code' in answer && 'status' in answer ? Number(answer.status) : 200;
    return Response.json(answer, { status });
  });
  return asked;
}

/** Signs somebody in and goes to a page, with everything that is around it. */
export async function open(path: string, who: User['user_type'] | User) {
  window.history.replaceState({}, '', path);
  const token = { access_token: 't', id_token: 'i', token_type: 'Bearer' as const, expires_in: 3600 };
  session.open({ ...token, user: typeof who === 'string' ? userOf(who) : who });
  const queryClient = createQueryClient();
  const router = createAppRouter({ session, queryClient });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByRole('heading', { level: 1 }, PATIENCE);
  return router;
}
