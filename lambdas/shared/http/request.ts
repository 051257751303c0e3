import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DukeError } from '../../../contracts/errors.ts';
import type { Operation } from '../../../contracts/api/operation.ts';
import { invalid } from './problem.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export const bodyText = (event: APIGatewayProxyEventV2): string => {
  const raw = event.body ?? '';
  return event.isBase64Encoded ? Buffer.from(raw, 'base64').toString('utf8') : raw;
};

/** The key `__proto__`, also with escaped characters. */
const PROTO = /__proto__|\\u00[5-7]/i;

/** Rejected, since objects lose this key in many ways: zod's records drop it, an assignment sets the prototype. */
function refuseProto(key: string, value: unknown): unknown {
  if (key !== '__proto__') return value;
  throw new DukeError('validation_failed', '"__proto__" cannot be a name.', {
    errors: [{ path: '__proto__', message: 'cannot be a name' }],
  });
}

/** @throws DukeError malformed_json, unsupported_media_type, body_too_large, validation_failed */
function parseJson(event: APIGatewayProxyEventV2): unknown {
  const text = bodyText(event);
  if (Buffer.byteLength(text) > MAX_BODY_BYTES) {
    throw new DukeError('body_too_large', 'At most 1 MB; send bigger data as a file.');
  }
  const mediaType = (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (text !== '' && mediaType !== 'application/json') {
    throw new DukeError('unsupported_media_type', 'Send `Content-Type: application/json`.');
  }
  try {
    return text === '' ? {} : JSON.parse(text, PROTO.test(text) ? refuseProto : undefined);
  } catch (error) {
    if (error instanceof DukeError) throw error;
    throw new DukeError('malformed_json', error instanceof Error ? error.message : 'not JSON', {
      cause: error,
    });
  }
}

/** Path, query and body, parsed by the contract. @throws DukeError */
export function parseRequest(operation: Operation, event: APIGatewayProxyEventV2) {
  const parse = (schema: Operation['body'], value: () => unknown): unknown => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(value());
    if (!parsed.success) throw invalid(parsed.error);
    return parsed.data;
  };
  const query = event.queryStringParameters ?? {};
  if (!operation.query && Object.keys(query).length > 0) {
    throw new DukeError('validation_failed', 'This route takes no query parameters.', {
      errors: Object.keys(query).map((path) => ({ path, message: 'unknown parameter' })),
    });
  }
  // A record whose id is not a UUID cannot exist: 404, not 400.
  const params = operation.params?.safeParse(event.pathParameters ?? {});
  if (params && !params.success) throw new DukeError('not_found', 'There is nothing here that you may see.');
  return {
    params: params?.data,
    query: parse(operation.query, () => query),
    body: parse(operation.body, () => parseJson(event)),
  };
}

/** The local platform leaves out `cookies` and has only the header. */
export function readCookie(event: APIGatewayProxyEventV2, name: string): string | undefined {
  const pairs = event.cookies ?? (event.headers['cookie'] ?? '').split(';');
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return decoded(pair.slice(at + 1).trim());
  }
  return undefined;
}

/** Ignores cookies that are not percent-encoded, which this service did not set. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** @throws DukeError validation_failed */
export function idempotencyKey(event: APIGatewayProxyEventV2): string | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new DukeError('validation_failed', 'Idempotency-Key is 1 to 255 printable ASCII characters.', {
      errors: [{ path: 'Idempotency-Key', message: '1 to 255 printable ASCII characters without spaces' }],
    });
  }
  return key;
}
