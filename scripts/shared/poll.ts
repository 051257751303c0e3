import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  readonly everyMs: number;
  /** Default: none. */
  readonly timeoutMs?: number;
  /** What did not happen in time, for the message: `file 7 was not inspected`. */
  readonly timeout?: string | (() => string);
}

/**
 * Calls `look` repeatedly until it returns a value other than undefined.
 * @throws Error after the timeout
 */
export async function poll<T>(look: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const { everyMs, timeoutMs = Infinity, timeout = 'nothing happened' } = options;
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() >= end) {
      const what = typeof timeout === 'string' ? timeout : timeout();
      throw new Error(`${what} within ${timeoutMs / 1000} s`);
    }
    await sleep(everyMs);
  }
}
