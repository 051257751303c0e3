import type { Context as LambdaContext } from 'aws-lambda';
import { MAX_WAIT_SECONDS } from '../../../contracts/api/operation.ts';

export interface Wait {
  /** Less than asked for where the function would end before. */
  readonly seconds: number;
  /** For `Preference-Applied`. */
  readonly preference: string;
}

/** Left of the function's time for what comes after the wait: storing the answer under its Idempotency-Key. */
const RESERVE_SECONDS = 2;

/**
 * Seconds of the first `wait` in a Prefer header (RFC 7240), at most 25; undefined without a valid one, since preferences that
 * are not understood are ignored.
 */
export function preferredWaitSeconds(header: string | undefined): number | undefined {
  for (const preference of (header ?? '').split(',')) {
    const seconds = /^\s*wait\s*=\s*("?)(\d{1,9})\1\s*(?:;|$)/i.exec(preference)?.[2];
    if (seconds !== undefined) return Math.min(MAX_WAIT_SECONDS, Number(seconds)) || undefined;
  }
  return undefined;
}

/** The wait that a request asks for and that its function has time for. */
export function requestedWait(
  header: string | undefined,
  lambdaContext: Pick<LambdaContext, 'getRemainingTimeInMillis'>,
): Wait | undefined {
  const asked = preferredWaitSeconds(header);
  if (asked === undefined) return undefined;
  const left = lambdaContext.getRemainingTimeInMillis() / 1000 - RESERVE_SECONDS;
  const seconds = Math.min(asked, left);
  return seconds > 0 ? { seconds, preference: `wait=${asked}` } : undefined;
}
