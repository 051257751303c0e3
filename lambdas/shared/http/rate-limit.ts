import { DukeError } from '../../../contracts/errors.ts';
import { DEFAULT_RATE } from '../../../contracts/api/operation.ts';
import type { Operation, Rate } from '../../../contracts/api/operation.ts';
import type { Clock } from '../clock.ts';
import { logger } from '../logger.ts';
import type { SharedCounter } from '../stores/shared-counter.ts';

/**
 * Counts a request of a caller.
 * @throws DukeError throttled, with the seconds until the caller may try again
 */
export type LimitRate = (caller: string, operation: Pick<Operation, 'rate'>) => Promise<void>;

/** Requests that an instance admits before it updates the shared counter, as a share of the limit. */
const REPORTED_AFTER = 0.1;
const MAX_CALLERS = 10_000;

interface Window {
  readonly index: number;
  /** Requests counted by this instance. */
  own: number;
  /** Those not yet added to the shared counter. */
  unreported: number;
  /** Total of the shared counter at its last update. */
  total: number;
}

/**
 * Admits `burst` requests of a caller per window of `burst / rate` seconds, over all instances of all functions. An instance
 * counts in memory; only once a caller has sent it a tenth of the limit within one window does it add that to a counter in the
 * table. An ordinary request writes nothing. With n instances the limit is exceeded by n tenths at most (docs/adr/0041).
 * @param counter without one each instance limits by itself
 */
export function rateLimiter(clock: Clock, counter?: SharedCounter): LimitRate {
  const windows = new Map<string, Window>();

  const windowOf = (key: string, index: number): Window => {
    const stored = windows.get(key);
    if (stored?.index === index) return stored;
    if (windows.size >= MAX_CALLERS) windows.clear();
    const fresh = { index, own: 0, unreported: 0, total: 0 };
    windows.set(key, fresh);
    return fresh;
  };

  return async (caller, operation) => {
    const { rate, burst }: Rate = operation.rate ?? DEFAULT_RATE;
    const lengthMs = (burst / rate) * 1000;
    const now = clock().getTime();
    const key = `${caller}#${rate}`;
    const window = windowOf(key, Math.floor(now / lengthMs));
    const end = (window.index + 1) * lengthMs;
    window.own += 1;
    window.unreported += 1;
    const isFull = () => window.own > burst || window.total + window.unreported > burst;
    if (counter && !isFull() && window.unreported > burst * REPORTED_AFTER) {
      await report(counter, key, window, new Date(end));
    }
    if (!isFull()) return;
    const retryAfter = Math.max(1, Math.ceil((end - now) / 1000));
    throw new DukeError('throttled', `At most ${rate} requests a second.`, { retryAfter });
  };
}

async function report(counter: SharedCounter, key: string, window: Window, end: Date): Promise<void> {
  const { unreported } = window;
  window.unreported = 0;
  try {
    window.total = await counter.add(key, window.index, unreported, end);
  } catch (error) {
    // A failure of the shared counter must not block requests; the instance still applies its own count.
    logger.warn('requests not counted', { error: error as Error });
  }
}
