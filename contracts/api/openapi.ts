import * as z from 'zod';
import { createDocument } from 'zod-openapi';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { exampleOf, type Schemas } from './document/examples.ts';
import { DESCRIPTION, TAGS } from './document/guide.ts';
import { problemExample, responsesOf } from './document/responses.ts';
import { portable } from './document/schemas.ts';
import type { Operation } from './operation.ts';
import { BASE_PATH, MAX_WAIT_SECONDS } from './operation.ts';
import { allOperations } from './routes.ts';

export { Problem } from './problem.ts';

type Document = ReturnType<typeof createDocument>;

const idempotencyHeader = (description: string) =>
  z.object({
    'Idempotency-Key': z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/)
      .optional()
      .meta({ description, example: 'a7c1f0de-2f8e-4f0a-9f55-3a5a8e1f6f10' }),
  });
const IDEMPOTENCY_HEADERS = {
  stored: idempotencyHeader(
    'Makes retries safe: for 24 hours a request with the same key and body returns the stored response and has no further effect.',
  ),
  repeated: idempotencyHeader(
    'Makes retries safe: a request with the same key and body finds what the first request created and creates nothing new.',
  ),
} as const;
const PreferHeader = z.object({
  // A `Prefer` header of any form is valid: preferences that the server does not know are ignored (RFC 7240, section
  // 2).
  Prefer: z
    .string()
    .optional()
    .meta({
      description: `\`wait=1\` to \`wait=${MAX_WAIT_SECONDS}\` (RFC 7240): answer when the work is done, or after so many seconds.`,
      example: `wait=${MAX_WAIT_SECONDS}`,
    }),
});
const RefreshCookie = z.object({
  dukenet_refresh: z.string().optional().meta({
    description:
      'The refresh token of a browser that signed in with `cookie: true`. The browser sends it by itself.',
    example: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NN',
  }),
});

/** Request headers of an operation. */
function headersOf({ idempotent, waits }: Operation): { header?: z.ZodObject } {
  const idempotency = idempotent && IDEMPOTENCY_HEADERS[idempotent];
  if (!waits) return idempotency ? { header: idempotency } : {};
  return { header: idempotency ? idempotency.extend(PreferHeader.shape) : PreferHeader };
}

function operationObject(operation: Operation): object {
  return {
    operationId: operation.id,
    tags: [operation.capability],
    summary: operation.summary,
    description: operation.description,
    security: operation.access.kind === 'public' ? [] : [{ accessToken: [] }],
    requestParams: {
      ...(operation.params && { path: operation.params }),
      ...(operation.query && { query: operation.query }),
      ...headersOf(operation),
      ...(operation.cookies?.reads && { cookie: RefreshCookie }),
    },
    ...(operation.body && {
      requestBody: {
        // A missing body is read as `{}`.
        required: !operation.body.safeParse({}).success,
        description: 'JSON of at most 1 MB; unknown fields are rejected.',
        content: { 'application/json': { schema: operation.body } },
      },
    }),
    responses: responsesOf(operation),
  };
}

function pathsObject(): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of allOperations) {
    const item = (paths[BASE_PATH + operation.path] ??= {});
    item[operation.method.toLowerCase()] = operationObject(operation);
  }
  return paths;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Adds an example to every JSON request and response body, composed of the examples of its properties. */
function withBodyExamples<T>(node: T, schemas: Schemas): T {
  if (Array.isArray(node)) return node.map((each: unknown) => withBodyExamples(each, schemas)) as T;
  if (!isObject(node)) return node;
  const entries = Object.entries(node).map(([key, value]) => {
    if (key !== 'application/json' || !isObject(value)) return [key, withBodyExamples(value, schemas)];
    return [key, { ...value, example: exampleOf(value['schema'] as Schemas[string], schemas) }];
  });
  return Object.fromEntries(entries) as T;
}

/** Generates the OpenAPI 3.1 document of the API from the route table. */
export function openApiDocument(version: string): Document {
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: 'DukeNET',
      version,
      description: DESCRIPTION,
    },
    servers: [{ url: '/', description: 'The host that this document came from' }],
    tags: [...TAGS],
    paths: pathsObject(),
    components: {
      examples: Object.fromEntries(
        (Object.keys(ERRORS) as ErrorCode[]).map((code) => [code, problemExample(code)]),
      ),
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The `access_token` of `POST /api/v2/auth/login`; an ID token is rejected.',
        },
      },
    },
  });
  const paths = portable(document.paths) as Document['paths'];
  const schemas = portable(document.components?.schemas) as Schemas;
  return {
    ...document,
    paths: withBodyExamples(paths, schemas),
    components: { ...document.components, schemas },
  };
}
