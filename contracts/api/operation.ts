import type * as z from 'zod';
import type { UserRole } from '../entities/common.ts';
import type { ErrorCode } from '../errors.ts';

export type Capability = 'identity' | 'files' | 'tasks' | 'wallet' | 'learning' | 'insight';

/**
 * Who may call a route. `scope` says what a permitted role may see of others' records:
 * `own` only what is theirs, `party` what they are a party to (the buyer or the assigned agent), `any` everything.
 * A record outside the scope does not exist for the caller: 404.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'roles'; readonly roles: Partial<Readonly<Record<UserRole, 'own' | 'party' | 'any'>>> };

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v2`; `{name}` marks a path parameter. */
  readonly path: `/${string}`;
  readonly capability: Capability;
  /** One line, as lists of operations show it. */
  readonly summary: string;
  /** What it does, when it refuses, and what a caller must know: Markdown for the reference. */
  readonly description: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The one success answer; without a schema the body is empty. */
  readonly status: 200 | 201 | 202 | 204;
  readonly response?: z.ZodType;
  /** What a success means, in one sentence. */
  readonly answer: string;
  /** Path of what was created, below `/api/v2`; `{a.b}` is a property of the response. */
  readonly location?: `/${string}`;
  /** Whether the refresh cookie is read, or may be set or cleared. */
  readonly cookies?: { readonly reads?: boolean; readonly sets?: boolean };
  /** Errors beside those every route can answer with. */
  readonly errors: readonly ErrorCode[];
  /**
   * Takes `Idempotency-Key`. `stored`: the answer is kept for a day and given again. `repeated`: neither the request nor the
   * answer is kept, because they hold secrets or the caller is not known; the use case finds what it made by the id that
   * comes from the key, and answers anew.
   */
  readonly idempotent?: 'stored' | 'repeated';
  /** Requests per second and burst of this route over all callers; the stage's default where absent. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Sent<T> = T extends z.ZodType ? z.input<T> : undefined;

/** What a handler gets: parsed, with defaults filled in. */
export interface Input<O extends Operation> {
  readonly params: Parsed<O['params']>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
}
/** What a handler returns. */
export type Output<O extends Operation> = O['response'] extends z.ZodType ? Sent<O['response']> : void;

/** Keeps the literal types of a table of operations. */
export const operations = <const T extends Record<string, Omit<Operation, 'id'>>>(
  table: T,
): { [K in keyof T]: T[K] & { readonly id: K & string } } =>
  Object.fromEntries(Object.entries(table).map(([id, operation]) => [id, { ...operation, id }])) as {
    [K in keyof T]: T[K] & { readonly id: K & string };
  };

export const everyone = { kind: 'roles', roles: { buyer: 'own', agent: 'own', admin: 'own' } } as const;
export const open = { kind: 'public' } as const;
export const buyers = { kind: 'roles', roles: { buyer: 'own' } } as const;
export const admins = { kind: 'roles', roles: { admin: 'any' } } as const;
/** The buyer, the agent that does the work, and administrators. */
export const parties = { kind: 'roles', roles: { buyer: 'own', agent: 'party', admin: 'any' } } as const;

/** What a route can answer that stores its answers by Idempotency-Key. */
export const idempotencyErrors = [
  'idempotency_key_reused',
  'idempotency_in_progress',
] as const satisfies readonly ErrorCode[];

export const BASE_PATH = '/api/v2';
/** As API Gateway names it: `POST /api/v2/tasks/create`. */
export const routeKey = (operation: Pick<Operation, 'method' | 'path'>): string =>
  `${operation.method} ${BASE_PATH}${operation.path}`;
