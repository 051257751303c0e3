import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { Operation } from '../../../contracts/api/operation.ts';
import type { DukeError } from '../../../contracts/errors.ts';
import type { Authenticator } from './authenticate.ts';
import type { Cursors } from './cursors.ts';
import type { Remember } from './idempotency.ts';
import type { LimitRate } from './rate-limit.ts';

/** What some routes cannot answer without. */
export interface RouteDependencies {
  /** Of routes that are not public. */
  readonly authenticate: Authenticator;
  /** Of routes that list in pages. */
  readonly cursors: Cursors;
  /** Of all routes. */
  readonly limitRate: LimitRate;
  /** Of routes that store their answer by Idempotency-Key. */
  readonly remember: Remember;
}

type Idempotency<O> = O extends { readonly idempotent?: infer I } ? I : never;
type QueryNames<O> = O extends { readonly query?: infer Q }
  ? Q extends z.ZodObject<infer S>
    ? keyof S
    : never
  : never;

/** Names of what one operation needs. An operation whose literal types were lost needs everything. */
type NeedsOf<O extends Operation> =
  | ([O['access']] extends [{ readonly kind: 'public' }] ? never : 'authenticate')
  | (Extract<Idempotency<O>, 'stored'> extends never ? never : 'remember')
  | ('cursor' extends QueryNames<O> ? 'cursors' : never);

/** Names of what the operations of a table need. */
export type Needs<T extends Readonly<Record<string, Operation>>> = { [K in keyof T]: NeedsOf<T[K]> }[keyof T];

/** What a table of operations needs is required; what none of them needs may be given. */
export type ApiDependencies<T extends Readonly<Record<string, Operation>>> = Pick<
  RouteDependencies,
  Needs<T>
> &
  Partial<RouteDependencies> & {
    /** Why a request met no route of the contract. Left out where only routes of the contract arrive. */
    readonly otherwise?: (event: APIGatewayProxyEventV2) => DukeError;
  };
