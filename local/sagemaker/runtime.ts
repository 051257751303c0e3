import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoints } from './endpoints.ts';
import { AwsError } from './errors.ts';
import type { Store } from './store.ts';
import type { Owner } from './wire.ts';

const CUSTOM_ATTRIBUTES = 'x-amzn-sagemaker-custom-attributes';

export interface RuntimeLimits {
  /** Timeout of a container. */
  readonly timeoutMs: number;
  /** Maximum size of request and response, in bytes. */
  readonly bodyBytes: number;
}
export const AWS_LIMITS: RuntimeLimits = { timeoutMs: 60_000, bodyBytes: 6 * 1024 * 1024 };

export interface Invocation {
  readonly endpoint: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface Answer {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/**
 * `InvokeEndpoint`: forwards the request to a healthy instance.
 * @throws AwsError ValidationError (no such endpoint, not in service, too large), ServiceUnavailable (no healthy
 * instance), ModelError (the container answered with an error, too late, or not at all)
 */
export class Runtime {
  readonly #store: Store;
  readonly #endpoints: Endpoints;
  readonly #owner: Owner;
  readonly #limits: RuntimeLimits;

  constructor(store: Store, endpoints: Endpoints, owner: Owner, limits: RuntimeLimits) {
    this.#store = store;
    this.#endpoints = endpoints;
    this.#owner = owner;
    this.#limits = limits;
  }

  async invoke({ endpoint, headers, body }: Invocation): Promise<Answer> {
    this.#mustBeInService(endpoint);
    const target = header(headers, 'x-amzn-sagemaker-target-variant');
    const instance = this.#endpoints.fleet(endpoint)?.pick(target);
    if (!instance)
      throw new AwsError('ServiceUnavailable', 'The service is unavailable: no healthy instance.', 503);

    const answer = await this.#ask(endpoint, instance, headers, body);
    if (answer.status >= 400) throw this.#modelError(endpoint, answer.status, answer.body.toString('utf8'));
    if (answer.body.length > this.#limits.bodyBytes)
      throw this.#modelError(endpoint, 500, 'The response is larger than 6291456 bytes.');
    const custom = answer.headers.get(CUSTOM_ATTRIBUTES);
    return {
      headers: {
        'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
        'x-amzn-invoked-production-variant': instance.variant,
        ...(custom === null ? {} : { [CUSTOM_ATTRIBUTES]: custom }),
      },
      body: answer.body,
    };
  }

  #mustBeInService(name: string): void {
    const status = this.#store.state.endpoints[name]?.status;
    if (!status)
      throw new AwsError('ValidationError', `Endpoint ${name} of account ${this.#owner.account} not found.`);
    if (status !== 'InService' && status !== 'Updating')
      throw new AwsError(
        'ValidationError',
        `Endpoint ${name} of account ${this.#owner.account} is not in service: its status is ${status}.`,
      );
  }

  async #ask(
    endpoint: string,
    instance: { url: string; suspect: () => void },
    headers: IncomingHttpHeaders,
    body: Buffer,
  ) {
    const sent = new Headers({
      'content-type': header(headers, 'content-type') ?? 'application/octet-stream',
    });
    for (const [ours, theirs] of [
      ['accept', header(headers, 'accept')],
      [CUSTOM_ATTRIBUTES, header(headers, CUSTOM_ATTRIBUTES)],
    ] as const)
      if (theirs) sent.set(ours, theirs);
    const signal = AbortSignal.timeout(this.#limits.timeoutMs);
    try {
      const answer = await fetch(`${instance.url}/invocations`, {
        method: 'POST',
        headers: sent,
        body: new Uint8Array(body),
        signal,
      });
      return {
        status: answer.status,
        headers: answer.headers,
        body: Buffer.from(await answer.arrayBuffer()),
      };
    } catch (cause) {
      if (signal.aborted)
        throw this.#modelError(
          endpoint,
          0,
          'Your invocation timed out while waiting for a response from container primary.',
        );
      // The instance exited since its last ping, or while it handled the request.
      instance.suspect();
      if (isRefused(cause))
        throw new AwsError('ServiceUnavailable', 'The service is unavailable: the instance is gone.', 503);
      throw this.#modelError(endpoint, 502, 'The container closed the connection before it answered.');
    }
  }

  #modelError(endpoint: string, status: number, message: string): AwsError {
    const kind = status >= 400 && status < 500 ? 'client' : 'server';
    const { account, region } = this.#owner;
    const group = `/aws/sagemaker/Endpoints/${endpoint}`;
    return new AwsError(
      'ModelError',
      `Received ${kind} error (${status}) from primary with message "${message}". See ${endpoint}.log for more information.`,
      424,
      {
        OriginalStatusCode: status,
        OriginalMessage: message,
        LogStreamArn: `arn:aws:logs:${region}:${account}:log-group:${group}`,
      },
    );
  }
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof TypeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
  );
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
