import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { Operation } from '../../contracts/api/operation.ts';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { OperationId, Routes } from '../../contracts/api/routes.ts';
import { Problem } from '../../contracts/api/openapi.ts';
import { retry } from '../../lambdas/shared/retry.ts';

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

/** The service answered that it did nothing and may be asked again. */
class NotTaken extends Error {
  override readonly name = 'NotTaken';
  readonly response: Response;
  constructor(response: Response) {
    super(`the service answered ${response.status}`);
    this.response = response;
  }
}

const WAITS_MS = [200, 500, 1000, 2000, 4000] as const;
const RETRIES = { attempts: 1 + WAITS_MS.length, waitMs: (attempt: number) => WAITS_MS[attempt - 1]! };

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

  /** Repeats a request after 429 and 503, which say that nothing was done, and after a lost answer where that is safe. */
  async #send(url: string, init: RequestInit, operation: Operation): Promise<Response> {
    const repeatable = operation.method === 'GET' || operation.idempotent !== undefined;
    try {
      return await retry(
        async () => {
          const response = await fetch(url, init);
          if (response.status === 429 || response.status === 503) throw new NotTaken(response);
          return response;
        },
        { ...RETRIES, isRetryable: (error) => error instanceof NotTaken || repeatable },
      );
    } catch (error) {
      if (error instanceof NotTaken) return error.response;
      throw error;
    }
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
