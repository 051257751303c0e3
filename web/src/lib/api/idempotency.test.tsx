// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { userOf } from '../../testing/learning.ts';
import { saved } from '../saved/index.ts';
import { session } from '../session/index.ts';
import { untilAnswered, useOnce, withSent } from './idempotency.ts';
import { ApiError, isOutcomeUnknown, localProblem } from './problem.ts';

interface Body {
  amount: number;
}
const failure = (status: number, code: string) => new ApiError(localProblem(status, code, code, code));
const lost = failure(0, 'unreachable');

/** What the server does with a body under a key. */
const send = vi.fn<(body: Body, key: string) => Promise<string>>();
const keys = () => send.mock.calls.map(([, key]) => key);

const client = new QueryClient();
const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={client}>{children}</QueryClientProvider>
);
const once = (name?: string) =>
  renderHook(() => useOnce<Body, string>({ send, ...(name !== undefined && { name }) }), { wrapper });
type Hook = ReturnType<typeof once>['result'];

/** Calls it and waits until the outcome is there, however often it was tried. */
async function call(hook: Hook, amount: number): Promise<void> {
  let settled = false;
  act(() => hook.current.mutate({ amount }, { onSettled: () => void (settled = true) }));
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  await waitFor(() => expect(settled).toBe(true));
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  send.mockReset().mockResolvedValue('done');
  const token = { access_token: 't', id_token: 'i', token_type: 'Bearer' as const, expires_in: 3600 };
  const user = userOf('buyer');
  session.open({ ...token, user });
  saved.open(user.id);
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.useRealTimers();
});

describe('an intention', () => {
  it('is sent once by two clicks', async () => {
    send.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve('done'), 500)));
    const { result } = once();
    act(() => {
      result.current.mutate({ amount: 1 });
      result.current.mutate({ amount: 1 });
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('has a new key after a success', async () => {
    const { result } = once();
    await call(result, 1);
    await call(result, 1);
    expect(new Set(keys()).size).toBe(2);
  });

  it('keeps its key after a lost response until its outcome is known', async () => {
    send.mockRejectedValueOnce(lost).mockRejectedValueOnce(failure(409, 'idempotency_in_progress'));
    const { result } = once();
    await call(result, 1);
    expect(result.current.data).toBe('done');
    expect(keys()).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
    expect(result.current.unanswered).toBeUndefined();
  });

  it('keeps its key over a reload, and lists requests without a response', async () => {
    send.mockRejectedValue(lost);
    const before = once('deposit');
    await call(before.result, 500);
    expect(before.result.current.unanswered).toEqual({ amount: 500 });
    before.unmount();

    send.mockReset().mockResolvedValue('done');
    const after = once('deposit');
    expect(after.result.current.unanswered).toEqual({ amount: 500 });
    const key = JSON.parse(JSON.stringify(saved.read(userOf('buyer').id, 'intention:deposit'))) as {
      key: string;
    };
    await call(after.result, 500);
    expect(keys()).toEqual([key.key]);
    expect(once('deposit').result.current.unanswered).toBeUndefined();
  });

  it('reports that an earlier attempt succeeded if a changed body is rejected under its key', async () => {
    send.mockRejectedValue(lost);
    const { result } = once('deposit');
    await call(result, 500);
    const [key] = keys();
    send.mockReset().mockRejectedValueOnce(failure(422, 'idempotency_key_reused'));
    await call(result, 600);
    expect(keys()).toEqual([key]);
    expect(result.current.error).toMatchObject({ code: 'earlier_try_succeeded' });
    expect(result.current.unanswered).toBeUndefined();

    send.mockReset().mockResolvedValue('done');
    await call(result, 600);
    expect(keys()).not.toContain(key);
  });

  it('keeps the key if a changed body is rejected for another reason', async () => {
    send.mockRejectedValue(lost);
    const { result } = once();
    await call(result, 500);
    const [key] = keys();
    send.mockReset().mockRejectedValueOnce(failure(422, 'validation_failed'));
    await call(result, -1);
    expect(result.current.unanswered).toEqual({ amount: 500 });
    await call(result, 500);
    expect(keys()).toEqual([key, key]);
  });

  it('can be discarded by its user', async () => {
    send.mockRejectedValue(lost);
    const { result } = once('deposit');
    await call(result, 500);
    const [key] = keys();
    act(() => result.current.startAnew());
    send.mockReset().mockResolvedValue('done');
    await call(result, 500);
    expect(keys()).not.toContain(key);
  });

  it('without a name is not stored', async () => {
    send.mockRejectedValue(lost);
    const { result } = once();
    await call(result, 500);
    expect(Object.keys(localStorage)).toEqual([`dukenet:1:${userOf('buyer').id}`]);
  });
});

describe('an outcome', () => {
  it.each([
    [lost, true],
    [failure(500, 'internal'), true],
    [failure(503, 'unavailable'), true],
    [failure(409, 'idempotency_in_progress'), true],
    [new TypeError('not of the API'), true],
    [failure(402, 'insufficient_funds'), false],
    [failure(401, 'unauthenticated'), false],
    [failure(409, 'wrong_state'), false],
    [failure(422, 'idempotency_key_reused'), false],
  ])('%s: unknown is %s', (error, unknown) => {
    expect(isOutcomeUnknown(error)).toBe(unknown);
  });

  it('is retried five times, and not at all after a rejection', () => {
    expect([0, 4, 5].map((failures) => untilAnswered.retry(failures, lost))).toEqual([true, true, false]);
    expect(untilAnswered.retry(0, failure(402, 'insufficient_funds'))).toBe(false);
    expect(untilAnswered.retry(0, failure(429, 'throttled'))).toBe(true);
    const waiting = new ApiError(localProblem(429, 'throttled', 't', 't'), { retryAfter: 3 });
    expect(untilAnswered.retryDelay(0, waiting)).toBe(3_000);
  });

  it('is remembered for the two newest bodies', () => {
    expect([1, 2, 1, 3].reduce<number[]>(withSent, [])).toEqual([3, 1]);
  });
});
