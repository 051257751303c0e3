import * as z from 'zod';
import { createDocument } from 'zod-openapi';
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { Operation } from './operation.ts';
import { BASE_PATH } from './operation.ts';
import { allOperations } from './routes.ts';

/** RFC 9457, with our stable `code` and, for 422, what is wrong where. */
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

const problem = { 'application/problem+json': { schema: Problem } };

/** Codes that any route of this kind can answer with, beside its own. */
export function errorsOf(operation: Operation): ErrorCode[] {
  const codes: ErrorCode[] = [...operation.errors, 'throttled', 'internal', 'unavailable'];
  if (operation.access.kind === 'roles') codes.push('unauthenticated', 'user_disabled', 'forbidden');
  if (operation.body)
    codes.push('malformed_json', 'unsupported_media_type', 'validation_failed', 'body_too_large');
  else if (operation.query ?? operation.params) codes.push('validation_failed');
  return [...new Set(codes)];
}

function responsesOf(operation: Operation): Record<string, object> {
  const byStatus = Map.groupBy(errorsOf(operation), (code) => ERRORS[code].status);
  const success = operation.response
    ? { description: 'Success', content: { 'application/json': { schema: operation.response } } }
    : { description: 'Success, no body' };
  return {
    [String(operation.status)]: success,
    ...Object.fromEntries(
      [...byStatus].map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('. '),
          content: problem,
        },
      ]),
    ),
  };
}

const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .meta({
      description: 'Repeat a request safely: the same key with the same body gives the same answer for 24 h',
    }),
});

function pathItem(operation: Operation): object {
  return {
    operationId: operation.id,
    tags: [operation.capability],
    summary: operation.summary,
    security: operation.access.kind === 'public' ? [] : [{ accessToken: [] }],
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...(operation.idempotent && { header: idempotencyHeader }),
    },
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    responses: responsesOf(operation),
  };
}

/** The OpenAPI 3.1 document of the whole API, made from the route table. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of allOperations) {
    const item = (paths[BASE_PATH + operation.path] ??= {});
    item[operation.method.toLowerCase()] = pathItem(operation);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'DukeNET',
      version,
      description: 'A marketplace for work done by a model that improves itself. Money is in satoshis.',
    },
    paths,
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'Cognito access token of POST /auth/login',
        },
      },
    },
  });
}
