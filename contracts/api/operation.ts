import type * as z from 'zod';
import type { UserRole } from '../entities/common.ts';
import type { ErrorCode } from '../errors.ts';

export type Capability =
  | 'identity'
  | 'files'
  | 'previews'
  | 'tasks'
  | 'wallet'
  | 'agents'
  | 'work'
  | 'quotes'
  | 'verdicts'
  | 'notifications'
  | 'learning'
  | 'live'
  | 'admin'
  | 'insight';

/**
 * Who may call a route. `scope` limits which records of other users a permitted role may read: `own` only its own
 * records, `party` records that it is a party to (as buyer or assigned agent), `any` every record. A record outside
 * of the scope is answered with 404.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'roles'; readonly roles: Partial<Readonly<Record<UserRole, 'own' | 'party' | 'any'>>> };

/** Rate limit of one caller: sustained requests per second, and burst. */
export interface Rate {
  readonly rate: number;
  readonly burst: number;
}
/** Limit shared by all routes without a limit of their own. */
export const DEFAULT_RATE: Rate = { rate: 50, burst: 100 };

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v2`; `{name}` marks a path parameter. */
  readonly path: `/${string}`;
  readonly capability: Capability;
  /** One line for lists of operations. */
  readonly summary: string;
  /** Markdown for the API reference: effect, failures and what a caller must know. */
  readonly description: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Status and schema of the success response; without a schema the body is empty. */
  readonly status: 200 | 201 | 202 | 204;
  readonly response?: z.ZodType;
  /** Media type of the success response. Default: JSON. */
  readonly produces?: 'text/html';
  /** Description of the success response, in one sentence. */
  readonly answer: string;
  /** Path of the created resource, below `/api/v2`; `{a.b}` is a property of the response. */
  readonly location?: `/${string}`;
  /** Whether the refresh cookie is read, or may be set or cleared. */
  readonly cookies?: { readonly reads?: boolean; readonly sets?: boolean };
  /** Error codes in addition to those common to all routes. */
  readonly errors: readonly ErrorCode[];
  /**
   * Whether the route accepts `Idempotency-Key`. `stored`: the response is stored for a day and replayed. `repeated`:
   * neither request nor response is stored, because they contain secrets or the caller is unknown; the use case finds
   * what it created by an id derived from the key and builds a new response.
   */
  readonly idempotent?: 'stored' | 'repeated';
  /** Whether the route honours `Prefer: wait=1..25`: the answer comes once the work is done, or when this time is over. */
  readonly waits?: true;
  /** How often one caller may send it: a user, or on public routes a network address. Default: `DEFAULT_RATE`. */
  readonly rate?: Rate;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Sent<T> = T extends z.ZodType ? z.input<T> : undefined;

/** Input of a handler: parsed, with defaults filled in. */
export interface Input<O extends Operation> {
  readonly params: Parsed<O['params']>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
}
/** Return value of a handler. */
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
export const agents = { kind: 'roles', roles: { agent: 'own' } } as const;
/** Routes that return the same for every role. */
export const members = { kind: 'roles', roles: { buyer: 'any', agent: 'any', admin: 'any' } } as const;
export const buyers = { kind: 'roles', roles: { buyer: 'own' } } as const;
export const admins = { kind: 'roles', roles: { admin: 'any' } } as const;
/** Routes for the buyer, the assigned agent and administrators. */
export const parties = { kind: 'roles', roles: { buyer: 'own', agent: 'party', admin: 'any' } } as const;

/** Errors of routes that store responses by Idempotency-Key. */
export const idempotencyErrors = [
  'idempotency_key_reused',
  'idempotency_in_progress',
] as const satisfies readonly ErrorCode[];

export const BASE_PATH = '/api/v2';
/** Maximum of `Prefer: wait`, in seconds. API Gateway ends requests after 30 s. */
export const MAX_WAIT_SECONDS = 25;
/** The route key of API Gateway: `POST /api/v2/tasks/create`. */
export const routeKey = (operation: Pick<Operation, 'method' | 'path'>): string =>
  `${operation.method} ${BASE_PATH}${operation.path}`;
