import * as z from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import type { Operation } from '../operation.ts';
import { GatewayMessage, Problem } from '../problem.ts';

/** All error codes of an operation: its own and those common to operations of its form. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const codes: ErrorCode[] = [
    ...operation.errors,
    // Every operation rejects unknown query parameters.
    'validation_failed',
    'method_not_allowed',
    'throttled',
    'internal',
    'unavailable',
  ];
  if (operation.access.kind === 'roles') codes.push('unauthenticated', 'user_disabled', 'forbidden');
  if (operation.body) codes.push('malformed_json', 'unsupported_media_type', 'body_too_large');
  return [...new Set(codes)];
}

const RetryAfter = z.int().positive().optional().meta({
  description: 'Seconds to wait before retrying the request.',
  example: 1,
});
const ERROR_HEADERS: Readonly<Record<number, Record<string, z.ZodType>>> = {
  401: {
    'WWW-Authenticate': z.string().optional().meta({
      description: 'The authentication scheme.',
      example: 'Bearer',
    }),
  },
  405: {
    Allow: z.string().meta({ description: 'The methods that this path supports.', example: 'GET, POST' }),
  },
  409: { 'Retry-After': RetryAfter },
  429: { 'Retry-After': RetryAfter },
  503: { 'Retry-After': RetryAfter },
};
/** Statuses that API Gateway may answer by itself. */
const GATEWAY_STATUSES = new Set([413, 429, 500, 503]);

/** Example of a problem with this code, for `components.examples`. */
export function problemExample(code: ErrorCode): { summary: string; value: Problem } {
  const { status, title } = ERRORS[code];
  const withFields = code === 'validation_failed';
  return {
    summary: title,
    value: {
      type: `urn:dukenet:error:${code}`,
      title,
      status,
      detail: withFields ? 'See `errors` for what is wrong where.' : `${title}.`,
      code,
      request_id: 'Kf3hLg8xFiAEMIQ=',
      ...(withFields && { errors: [{ path: 'limit', message: 'Too big: expected number to be <=100' }] }),
    },
  };
}

function errorResponse(status: number, codes: readonly ErrorCode[]): object {
  const headers = ERROR_HEADERS[status];
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join('\n\n'),
    ...(headers && { headers: z.object(headers) }),
    content: {
      'application/problem+json': {
        schema: Problem,
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
      ...(GATEWAY_STATUSES.has(status) && { 'application/json': { schema: GatewayMessage } }),
    },
  };
}

function successHeaders(operation: Operation): Record<string, z.ZodType> {
  return {
    ...(operation.idempotent && {
      'Idempotency-Replayed': z.literal('true').optional().meta({
        description:
          'Present if this repeats the response of an earlier request with the same Idempotency-Key.',
        example: 'true',
      }),
    }),
    ...(operation.waits && {
      'Preference-Applied': z.string().optional().meta({
        description: 'Present if the answer was held back as `Prefer` asked.',
        example: 'wait=25',
      }),
    }),
    ...(operation.location !== undefined && {
      Location: z.string().meta({
        description: 'Path of the created resource.',
        example: '/api/v2' + operation.location.replace(/\{[\w.]+\}/, '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11'),
      }),
    }),
    ...(operation.cookies?.sets && {
      'Set-Cookie': z.string().optional().meta({
        description:
          'The refresh token as an HttpOnly cookie, if the request asked for one or sent one. Browsers store it; other clients can ignore it.',
        example:
          'dukenet_refresh=eyJjdHkiOi…; Path=/api/v2/auth; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000',
      }),
    }),
  };
}

function successResponse(operation: Operation): object {
  const headers = successHeaders(operation);
  return {
    description: operation.answer,
    ...(Object.keys(headers).length > 0 && { headers: z.object(headers) }),
    ...(operation.response && {
      content: { [operation.produces ?? 'application/json']: { schema: operation.response } },
    }),
  };
}

/** The gateway rejects such a request before any function runs, so the response has no `code`. */
const HEADERS_TOO_LARGE = {
  431: { description: 'Sent by the API gateway, without a body: URL and headers together exceed 10 KB.' },
} as const;

/** All responses of an operation: the success, and one per error status with its codes. */
export function responsesOf(operation: Operation): Record<string, object> {
  const byStatus = Map.groupBy(errorsOf(operation), (code) => ERRORS[code].status);
  return {
    [String(operation.status)]: successResponse(operation),
    ...HEADERS_TOO_LARGE,
    ...Object.fromEntries(
      [...byStatus].map(([status, codes]) => [String(status), errorResponse(status, codes)]),
    ),
  };
}
