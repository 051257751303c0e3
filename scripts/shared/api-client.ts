import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { Operation } from '../../contracts/api/operation.ts';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { OperationId, Routes } from '../../contracts/api/routes.ts';
import { Problem } from '../../contracts/api/openapi.ts';

type Sent<T> = T extends z.ZodType ? z.input<T> : never;
type Got<O extends Operation> = O['response'] extends z.ZodType ? z.output<O['response']> : undefined;
type Part<O, K extends string> = O extends { readonly [P in K]: infer S } ? Sent<S> : never;
type Request<O> = (O extends { params: z.ZodType } ? { params: Part<O, 'params'> } : { params?: never }) &
  (O extends { query: z.ZodType } ? { query?: Part<O, 'query'> } : { query?: never }) &
  (O extends { body: z.ZodType } ? { body: Part<O, 'body'> } : { body?: never }) & {
    idempotencyKey?: string;
  };

/** A problem+json answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** Waits between tries of a request that the service could not take. */
const RETRIES_MS = [200, 500, 1000, 2000, 4000];

/**
 * The API, typed by the route table. Requests that create carry an Idempotency-Key, so that trying again after a lost
 * answer is safe.
 * @param baseUrl for example `http://localhost:8000`
 */
export class ApiClient {
  readonly #baseUrl: string;
  #accessToken: string | undefined;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl.replace(/\/$/, '');
  }

  async login(email: string, password: string): Promise<this> {
    const session = await this.call('login', { body: { email, password } });
    this.#accessToken = session.access_token;
    return this;
  }

  useToken(accessToken: string | undefined): this {
    this.#accessToken = accessToken;
    return this;
  }

  /** @throws ApiProblem on every answer that is not the documented success */
  async call<K extends OperationId>(id: K, request: Request<Routes[K]>): Promise<Got<Routes[K]>> {
    const operation: Operation = ROUTES[id];
    const {
      params = {},
      query = {},
      body,
      idempotencyKey = randomUUID(),
    } = request as {
      params?: Record<string, string>;
      query?: Record<string, string | number | undefined>;
      body?: unknown;
      idempotencyKey?: string;
    };
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    );
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      ),
    );
    const init: RequestInit = {
      method: operation.method,
      headers: {
        ...(this.#accessToken !== undefined && { authorization: `Bearer ${this.#accessToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(operation.idempotent && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const suffix = search.size > 0 ? `?${search.toString()}` : '';
    const response = await this.#send(`${this.#baseUrl}${BASE_PATH}${path}${suffix}`, init, operation);
    const text = await response.text();
    if (response.status !== operation.status) throw problemOf(response.status, text);
    return (operation.response ? operation.response.parse(JSON.parse(text)) : undefined) as Got<Routes[K]>;
  }

  /** Tries again on 429 and 503, which say that nothing was done, and on a lost answer where a repetition is safe. */
  async #send(url: string, init: RequestInit, operation: Operation): Promise<Response> {
    const repeatable = operation.method === 'GET' || operation.idempotent !== undefined;
    for (const wait of [...RETRIES_MS, undefined]) {
      try {
        const response = await fetch(url, init);
        if (wait === undefined || (response.status !== 429 && response.status !== 503)) return response;
      } catch (error) {
        if (wait === undefined || !repeatable) throw error;
      }
      await sleep(wait);
    }
    throw new Error('unreachable: the last try returns or throws');
  }
}

function problemOf(status: number, text: string): ApiProblem {
  const parsed = Problem.safeParse(parseJson(text));
  if (parsed.success) return new ApiProblem(parsed.data);
  return new ApiProblem({
    type: 'about:blank',
    title: 'Not an answer of this API',
    status,
    detail: text.slice(0, 200),
    code: 'unknown',
    request_id: '',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the gateway's own answers are not JSON; the caller gets the text
  }
}
