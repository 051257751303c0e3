import { beforeEach, expect, test, vi } from 'vitest';
import type { DukeError } from '../../../../contracts/errors.ts';
import { addressOf } from '../../../../lambdas/shared/http/address.ts';
import { rateLimiter } from '../../../../lambdas/shared/http/rate-limit.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';
import type { SharedCounter } from '../../../../lambdas/shared/stores/shared-counter.ts';

let now: number;
let writes: number;
const clock = () => new Date(now);
/** The counter in the table, as all instances see it. */
function counter(): SharedCounter {
  const totals = new Map<string, number>();
  return {
    add: async (caller, window, requests) => {
      writes += 1;
      const key = `${caller} ${window}`;
      totals.set(key, (totals.get(key) ?? 0) + requests);
      return totals.get(key)!;
    },
  };
}
beforeEach(() => {
  [now, writes] = [Date.parse('2026-03-01T12:00:00.000Z'), 0];
});

/** How many of some requests are admitted, and the refusal of the others. */
async function send(limiters: ReturnType<typeof rateLimiter>[], caller: string, requests: number) {
  let admitted = 0;
  let refusal: DukeError | undefined;
  for (let i = 0; i < requests; i++) {
    try {
      await limiters[i % limiters.length]!(caller, {});
      admitted += 1;
    } catch (error) {
      refusal = error as DukeError;
    }
  }
  return { admitted, refusal };
}

test('a caller below the limit causes no writes', async () => {
  const limit = rateLimiter(clock, counter());
  expect((await send([limit], 'a', 10)).admitted).toBe(10);
  now += 2000;
  expect((await send([limit], 'a', 10)).admitted).toBe(10);
  expect(writes).toBe(0);
});

test('a caller gets the burst of a window, then 429 with the seconds until the next window', async () => {
  const limit = rateLimiter(clock, counter());
  const { admitted, refusal } = await send([limit], 'a', 500);
  expect(admitted).toBe(100);
  expect(refusal).toMatchObject({ code: 'throttled', retryAfter: 2 });
  // Other callers are not affected, and a full window is not written again.
  expect(writes).toBeLessThanOrEqual(10);
  expect((await send([limit], 'b', 50)).admitted).toBe(50);
  now += 2000;
  expect((await send([limit], 'a', 50)).admitted).toBe(50);
});

test.each([2, 8])('%i instances together exceed the limit by a tenth each at most', async (n) => {
  const shared = counter();
  const limiters = Array.from({ length: n }, () => rateLimiter(clock, shared));
  const { admitted } = await send(limiters, 'a', 2000);
  expect(admitted).toBeGreaterThanOrEqual(90);
  expect(admitted).toBeLessThanOrEqual(100 + 10 * n);
});

test('routes with their own rate are counted separately', async () => {
  const limit = rateLimiter(clock, counter());
  const slow = { rate: { rate: 5, burst: 10 } };
  for (let i = 0; i < 10; i++) await limit('a', slow);
  await expect(limit('a', slow)).rejects.toMatchObject({ code: 'throttled' });
  await limit('a', {});
});

test('an unavailable counter rejects nobody below the limit of one instance', async () => {
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  const limit = rateLimiter(clock, { add: async () => Promise.reject(new Error('down')) });
  expect((await send([limit], 'a', 300)).admitted).toBe(100);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the address %s counts as %s', (sourceIp, expected) => {
  expect(addressOf({ requestContext: { http: { sourceIp } } } as never)).toBe(expected);
});
