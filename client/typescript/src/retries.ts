import { ApiError } from './errors.ts';

export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Upper bound of the first delay in milliseconds; it doubles with each attempt. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { retries: 5, firstDelayMs: 300, maxDelayMs: 5_000 };

/** No response, or one that does not tell whether the work was done. */
export const isOutcomeUnknown = (error: unknown): boolean =>
  !(error instanceof ApiError) ||
  error.status === 0 ||
  error.status >= 500 ||
  error.code === 'idempotency_in_progress';

/** 429 and 503 mean that nothing was done. */
const wasNotTaken = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 429 || error.status === 503);

/**
 * @param repeatable whether sending the request twice has the same effect as once: a GET, or one with an idempotency
 * key
 */
export const isRetryable = (error: unknown, repeatable: boolean): boolean =>
  error instanceof ApiError && (wasNotTaken(error) || (repeatable && isOutcomeUnknown(error)));

/**
 * Delay before the next attempt: `Retry-After`, or exponential backoff with full jitter.
 * @param failures number of failed attempts, from 1
 */
export function delayMs(error: unknown, failures: number, policy: RetryPolicy = DEFAULT_RETRIES): number {
  if (error instanceof ApiError && error.retryAfter !== undefined) return error.retryAfter * 1000;
  return Math.random() * Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failures - 1));
}

/** Resolves after a delay. @throws the reason of the signal if it is aborted before */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Retries while that is safe and may help. @throws the error of the last attempt */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: { readonly repeatable: boolean; readonly policy: RetryPolicy; readonly signal?: AbortSignal },
): Promise<T> {
  const { repeatable, policy, signal } = options;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (failures > policy.retries || !isRetryable(error, repeatable)) throw error;
      await sleep(delayMs(error, failures, policy), signal);
    }
  }
}
