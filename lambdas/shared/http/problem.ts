import type * as z from 'zod';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DukeError, ERRORS } from '../../../contracts/errors.ts';
import type { FieldError } from '../../../contracts/errors.ts';
import { logger } from '../logger.ts';

/** Where and what, in words for the client. An unknown field is named as itself, not as its parent. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'unknown field' }));
    }
    return [{ path: path.join('.'), message: issue.message }];
  });
}

export const invalid = (error: z.ZodError): DukeError =>
  new DukeError('validation_failed', 'See `errors` for what is wrong where.', {
    cause: error,
    errors: fieldErrors(error).slice(0, 50),
  });

const HIDDEN = 'The error was recorded under this request id.';

/** Any error → RFC 9457. What is not ours, or is at 500 and above, is logged whole and explained to nobody. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const known = error instanceof DukeError ? error : new DukeError('internal', HIDDEN, { cause: error });
  const { status, title } = ERRORS[known.code];
  if (status >= 500) logger.error('request failed', { error: known, request_id: requestId });
  const body = {
    type: `urn:dukenet:error:${known.code}`,
    title,
    status,
    detail: status >= 500 && known.code === 'internal' ? HIDDEN : known.message,
    code: known.code,
    request_id: requestId,
    ...(known.errors && { errors: known.errors }),
  };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(known.retryAfter !== undefined && { 'retry-after': String(known.retryAfter) }),
      ...(known.allow && { allow: known.allow.join(', ') }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(body),
  };
}
