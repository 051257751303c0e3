/**
 * Preloaded into functions of a platform that records (`--import`): writes a line per request to AWS, with its permissions,
 * bytes and DynamoDB units. Clients are patched below the SDK, so that whatever a bundle contains is seen.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe } from './describe.ts';
import type { Described } from './describe.ts';

/** A line of a recording. */
export interface RecordedCall extends Described {
  /** `<capability>/<name>`. */
  readonly function: string;
  readonly at: string;
  readonly status: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Read or write units of DynamoDB, with those of indexes. */
  readonly units?: number;
}

/** Set for functions by a platform that records. */
export const CALLS_FOLDER = 'DUKENET_CALLS_FOLDER';

const folder = process.env[CALLS_FOLDER];
const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'];
if (folder !== undefined && functionName) record(folder, functionName);

function record(into: string, name: string): void {
  mkdirSync(into, { recursive: true });
  const file = join(into, `${name}-${process.pid}.jsonl`);
  const shortName = name.replace(/^dukenet-[a-z]+-/, '').replace('-', '/');
  const original = http.request.bind(http) as (...args: unknown[]) => http.ClientRequest;
  http.request = (...args: unknown[]) => {
    const request = original(...args);
    observe(request, (call) => {
      appendFileSync(file, `${JSON.stringify({ function: shortName, ...call })}\n`);
    });
    return request;
  };
  syncBuiltinESMExports();
}

const bytesOf = (chunk: unknown): Buffer | undefined =>
  typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined;

function observe(request: http.ClientRequest, done: (call: Omit<RecordedCall, 'function'>) => void): void {
  const sent: Buffer[] = [];
  const write = request.write.bind(request);
  const end = request.end.bind(request);
  request.write = ((chunk: Uint8Array, ...rest: never[]) => {
    sent.push(Buffer.from(chunk));
    return write(chunk, ...rest);
  }) as typeof request.write;
  request.end = ((chunk?: unknown, ...rest: never[]) => {
    const body = bytesOf(chunk);
    const asked = body && isTable(request) ? withUnits(request, body) : body;
    if (asked) sent.push(asked);
    return end(asked ?? chunk, ...rest);
  }) as typeof request.end;
  request.once('response', (response) => {
    onceReceived(response, (received) => {
      const described = describe(requestOf(request, Buffer.concat(sent)), process.env);
      if (!described) return;
      done({
        ...described,
        at: new Date().toISOString(),
        status: response.statusCode ?? 0,
        sentBytes: sent.reduce((sum, { length }) => sum + length, 0),
        receivedBytes: received.length,
        ...(described.service === 'dynamodb' && { units: unitsOf(received) }),
      });
    });
  });
}

/** Listens below the stream, which must not begin to flow before its reader is there. */
function onceReceived(response: http.IncomingMessage, done: (body: Buffer) => void): void {
  const received: Buffer[] = [];
  const push = response.push.bind(response);
  response.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    const bytes = bytesOf(chunk);
    if (bytes) received.push(bytes);
    const more = push(chunk, encoding);
    if (chunk === null) done(Buffer.concat(received));
    return more;
  };
}

const target = (request: http.ClientRequest): string => String(request.getHeader('x-amz-target') ?? '');
const isTable = (request: http.ClientRequest): boolean => target(request).startsWith('DynamoDB_');

/** Has DynamoDB say what the request costs. */
function withUnits(request: http.ClientRequest, body: Buffer): Buffer {
  const asked = Buffer.from(JSON.stringify({ ...parsed(body), ReturnConsumedCapacity: 'TOTAL' }));
  if (request.hasHeader('content-length')) request.setHeader('content-length', asked.length);
  return asked;
}

function unitsOf(body: Buffer): number {
  const consumed = parsed(body)['ConsumedCapacity'] as Capacity | Capacity[] | undefined;
  return [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
interface Capacity {
  readonly CapacityUnits?: number;
}

const requestOf = (request: http.ClientRequest, body: Buffer) => ({
  method: request.method,
  path: request.path,
  headers: Object.fromEntries(
    ['x-amz-target', 'x-amz-copy-source'].flatMap((name) => {
      const value = request.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  ),
  body: isJson(request) ? parsed(body) : {},
});

/** SES names no target. The bodies of S3 are not for us, whatever their type. */
const isJson = (request: http.ClientRequest): boolean =>
  target(request) !== '' || request.path.startsWith('/v2/email/');

const parsed = (body: Buffer): Record<string, unknown> =>
  body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>);
