import type * as z from 'zod';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { DukeError, ERRORS } from '../../../contracts/errors.ts';
import type { FieldError } from '../../../contracts/errors.ts';
import { logger } from '../logger.ts';

/** Location and reason of each issue, for the client. The location of an unknown field is the field, not its parent. */
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

/**
 * Converts an error to RFC 9457. Errors of other classes, and those of status 500 and above, are logged in full and
 * not explained to the client.
 */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const dukeError = error instanceof DukeError ? error : new DukeError('internal', HIDDEN, { cause: error });
  const { status, title } = ERRORS[dukeError.code];
  if (status >= 500) logger.error('request failed', { error: dukeError, request_id: requestId });
  const body = {
    type: `urn:dukenet:error:${dukeError.code}`,
    title,
    status,
    detail: status >= 500 && dukeError.code === 'internal' ? HIDDEN : dukeError.message,
    code: dukeError.code,
    request_id: requestId,
    ...(dukeError.errors && { errors: dukeError.errors }),
  };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(dukeError.retryAfter !== undefined && { 'retry-after': String(dukeError.retryAfter) }),
      ...(dukeError.allow && { allow: dukeError.allow.join(', ') }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: JSON.stringify(body),
  };
}
