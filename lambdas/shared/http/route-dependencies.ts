import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Operation } from '../../../contracts/api/operation.ts';
import type { DukeError } from '../../../contracts/errors.ts';
import type { Authenticator } from './authenticate.ts';
import type { Cursors } from './cursors.ts';
import type { FromEdge } from './edge.ts';
import type { Remember } from './idempotency.ts';
import type { LimitRate } from './rate-limit.ts';

/** Dependencies that only some routes need. */
export interface RouteDependencies {
  /** Needed by routes that are not public. */
  readonly authenticate: Authenticator;
  /** Needed by paged lists. */
  readonly cursors: Cursors;
  /** Needed by all routes. */
  readonly fromEdge: FromEdge;
  /** Needed by all routes. */
  readonly limitRate: LimitRate;
  /** Needed by routes that store their responses by Idempotency-Key. */
  readonly remember: Remember;
}

type Idempotency<O> = O extends { readonly idempotent?: infer I } ? I : never;
type QueryNames<O> = O extends { readonly query?: infer Q }
  ? Q extends z.ZodObject<infer S>
    ? keyof S
    : never
  : never;

/** Names of the dependencies of one operation. An operation whose literal types were lost needs all. */
type NeedsOf<O extends Operation> =
  | ([O['access']] extends [{ readonly kind: 'public' }] ? never : 'authenticate')
  | (Extract<Idempotency<O>, 'stored'> extends never ? never : 'remember')
  | ('cursor' extends QueryNames<O> ? 'cursors' : never);

/** Names of the dependencies of a table of operations. */
export type Needs<T extends Readonly<Record<string, Operation>>> = { [K in keyof T]: NeedsOf<T[K]> }[keyof T];

/** Requires the dependencies that a table of operations needs, and accepts the others. */
export type ApiDependencies<T extends Readonly<Record<string, Operation>>> = Pick<
  RouteDependencies,
  Needs<T>
> &
  Partial<RouteDependencies> & {
    /** Why a request matched no route of the contract. Absent if only contract routes reach the function. */
    readonly otherwise?: (event: APIGatewayProxyEventV2) => DukeError;
  };
