import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { controlOperations } from './control.ts';
import { Endpoints } from './endpoints.ts';
import { AwsError } from './errors.ts';
import type { FleetOptions } from './fleet.ts';
import { JobStore } from './jobs/job-store.ts';
import { Jobs, type JobsOptions } from './jobs/jobs.ts';
import { jobOperations } from './jobs/operations.ts';
import { AWS_LIMITS, Runtime, type RuntimeLimits } from './runtime.ts';
import { Store } from './store.ts';
import type { Operation, Owner } from './wire.ts';

export interface LocalSageMakerOptions extends FleetOptions, Owner {
  readonly port: number;
  /** JSON file with models, configurations and endpoints. */
  readonly stateFile: string;
  readonly jobs: JobsOptions;
  readonly limits?: RuntimeLimits;
}

export interface LocalSageMaker {
  readonly url: string;
  /** Process ids of an endpoint's instances. */
  pids(endpoint: string): number[];
  /**
   * Resolves once every endpoint in service answers: after a restart its status is `InService` before its processes
   * are ready.
   * @throws PlatformError that names one that does not
   */
  ready(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * SageMaker and SageMaker Runtime on one local port, as far as DukeNET uses them. Each endpoint instance and each
 * training or processing job is a process. After a restart, endpoints in service and unfinished jobs are started
 * again.
 */
export async function startLocalSageMaker(options: LocalSageMakerOptions): Promise<LocalSageMaker> {
  const store = new Store(options.stateFile);
  const endpoints = new Endpoints(store, options);
  const jobStore = new JobStore(options.jobs.folder);
  const jobs = new Jobs(jobStore, { ...options.jobs, logs: options.logs, owner: options });
  const operations = {
    ...controlOperations(store, endpoints, options),
    ...jobOperations(jobStore, jobs, options),
  };
  const limits = options.limits ?? AWS_LIMITS;
  const runtime = new Runtime(store, endpoints, options, limits);

  const server = createServer((request, response) => {
    // Prevents DNS rebinding: otherwise a web page whose host name resolves to this address could run jobs.
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(403).end();
      return;
    }
    const invoked = /^\/endpoints\/([^/]+)\/invocations$/.exec(request.url ?? '')?.[1];
    const answered =
      invoked === undefined
        ? control(operations, request, response, limits)
        : invoke(runtime, invoked, request, response, limits);
    answered.catch((error: unknown) => {
      // The client has disconnected, so nobody receives an answer.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  endpoints.resume();
  jobs.resume();

  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    pids: (endpoint) => endpoints.fleet(endpoint)?.pids() ?? [],
    ready: (signal) => endpoints.ready(signal),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all([endpoints.close(), jobs.close()]);
    },
  };
}

async function control(
  operations: Record<string, Operation>,
  request: IncomingMessage,
  response: ServerResponse,
  limits: RuntimeLimits,
): Promise<void> {
  try {
    const body = await readBody(request, limits.bodyBytes);
    const name = /^SageMaker\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new AwsError('UnknownOperationException', `"${name}" is not served locally.`, 404);
    send(response, 200, 'application/x-amz-json-1.1', operation(parseJson(body)));
  } catch (error) {
    const { name, message, status } = asAwsError(error);
    send(response, status, 'application/x-amz-json-1.1', { __type: name, message });
  }
}

async function invoke(
  runtime: Runtime,
  endpoint: string,
  request: IncomingMessage,
  response: ServerResponse,
  limits: RuntimeLimits,
): Promise<void> {
  try {
    const body = await readBody(request, limits.bodyBytes);
    const answer = await runtime.invoke({ endpoint, headers: request.headers, body });
    response.writeHead(200, { ...answer.headers, 'x-amzn-requestid': randomUUID() }).end(answer.body);
  } catch (error) {
    const { name, message, status, details } = asAwsError(error);
    response.setHeader('x-amzn-errortype', name);
    send(response, status, 'application/json', { Message: message, ...details });
  }
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error('The local SageMaker failed:', error);
  return new AwsError('InternalFailure', 'An internal failure occurred.', 500);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    // Reads the whole request: an answer to one that is still being sent would be lost.
    if (size <= limit) parts.push(part);
  }
  if (size > limit) throw new AwsError('ValidationError', `The body is larger than ${limit} bytes.`, 413);
  return Buffer.concat(parts);
}

function send(response: ServerResponse, status: number, type: string, body: object): void {
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}
