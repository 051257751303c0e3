import { setTimeout as sleep } from 'node:timers/promises';

/** The attempt failed for a transient reason: another writer was faster, or a service accepted only a part. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}

export interface RetryPolicy {
  /** Including the first one. */
  readonly attempts: number;
  /** Milliseconds to wait after a failed attempt, numbered from 1. Default: none. */
  readonly waitMs?: (attempt: number) => number;
  /** Which errors to retry. Default: RetryableError. */
  readonly isRetryable?: (error: unknown) => boolean;
}

/**
 * Exponential backoff with full jitter: each wait is random between 0 and a bound that starts at `firstMs` and doubles.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backoff =
  (firstMs: number, maxMs = Infinity) =>
  (attempt: number): number =>
    Math.random() * Math.min(maxMs, firstMs * 2 ** (attempt - 1));

/**
 * Repeats `run` until it succeeds. Not p-retry, because of its size: docs/adr/0028.
 * @param run takes the number of the attempt, from 1
 * @throws the error of the last attempt; that of an earlier one if it is not retryable
 */
export async function retry<T>(run: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { attempts, waitMs, isRetryable = (error) => error instanceof RetryableError } = policy;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
    }
    if (waitMs) await sleep(waitMs(attempt));
  }
}
