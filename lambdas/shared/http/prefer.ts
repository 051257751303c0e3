import type { Context as LambdaContext } from 'aws-lambda';
import { MAX_WAIT_SECONDS } from '../../../contracts/api/operation.ts';

export interface Wait {
  /** Less than requested if the function would end before. */
  readonly seconds: number;
  /** For `Preference-Applied`. */
  readonly preference: string;
}

/** Time reserved after the wait for storing the response under its Idempotency-Key. */
const RESERVE_SECONDS = 2;

/**
 * The first valid `wait` of a Prefer header (RFC 7240) in seconds, at most 25; undefined if there is none. Unknown
 * preferences are ignored.
 */
export function preferredWaitSeconds(header: string | undefined): number | undefined {
  for (const preference of (header ?? '').split(',')) {
    const seconds = /^\s*wait\s*=\s*("?)(\d{1,9})\1\s*(?:;|$)/i.exec(preference)?.[2];
    if (seconds !== undefined) return Math.min(MAX_WAIT_SECONDS, Number(seconds)) || undefined;
  }
  return undefined;
}

/** The requested wait, bounded by the remaining time of the function. */
export function requestedWait(
  header: string | undefined,
  lambdaContext: Pick<LambdaContext, 'getRemainingTimeInMillis'>,
): Wait | undefined {
  const requestedSeconds = preferredWaitSeconds(header);
  if (requestedSeconds === undefined) return undefined;
  const availableSeconds = lambdaContext.getRemainingTimeInMillis() / 1000 - RESERVE_SECONDS;
  const seconds = Math.min(requestedSeconds, availableSeconds);
  return seconds > 0 ? { seconds, preference: `wait=${requestedSeconds}` } : undefined;
}
