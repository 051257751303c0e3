import type { components, operations } from './schema.gen.d.ts';

/** The named schemas of the OpenAPI document, for example `Schemas['Task']`. */
export type Schemas = components['schemas'];
/** The `operationId` of an endpoint, for example `createTask`. */
export type OperationId = keyof operations;

type Parameters<K extends OperationId> = operations[K]['parameters'];
type BodyOf<K extends OperationId> = operations[K] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? { readonly body: Body }
  : operations[K] extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? { readonly body?: Body }
    : unknown;
type ParamsOf<K extends OperationId> =
  Parameters<K> extends { path: infer Path } ? { readonly params: Path } : unknown;
type QueryOf<K extends OperationId> =
  Parameters<K> extends { query?: infer Query } ? { readonly query?: Query } : unknown;

/** Settings of one request that the operation does not define. */
export interface CallOptions {
  /** Identifies the intent of a request; random by default. Ignored by operations that accept none. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Input of an operation: its path parameters, query and body. */
export type RequestOf<K extends OperationId> = ParamsOf<K> & QueryOf<K> & BodyOf<K> & CallOptions;

type SuccessOf<Responses> = Responses extends { 200: infer Answer }
  ? Answer
  : Responses extends { 201: infer Answer }
    ? Answer
    : Responses extends { 202: infer Answer }
      ? Answer
      : undefined;

/** The body of an operation's success; undefined if it has none (204). */
export type AnswerOf<K extends OperationId> =
  SuccessOf<operations[K]['responses']> extends { content: { 'application/json': infer Body } }
    ? Body
    : undefined;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** Operations that return a page of a list. */
export type ListOperationId = {
  [K in OperationId]: AnswerOf<K> extends Page<unknown> ? K : never;
}[OperationId];

export type ItemOf<K extends ListOperationId> = AnswerOf<K> extends Page<infer T> ? T : never;

/** Properties of a request that `call` reads; `RequestOf` has the exact types. */
export interface LooseRequest extends CallOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}
