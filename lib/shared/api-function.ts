import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { Capability } from '../../contracts/api/operation.ts';
import { TypedFunction } from './typed-function.ts';
import type { TypedFunctionProps } from './typed-function.ts';

/** The gateway gives up after 30 s; the function answers 503 itself before that. */
const TIMEOUT = Duration.seconds(28);

export type ApiFunctionProps<E extends z.ZodObject> = Pick<
  TypedFunctionProps<E>,
  'defaults' | 'envSchema' | 'environment'
> & { readonly capability: Capability; readonly memory?: TypedFunctionProps<E>['memory'] };

/** `lambdas/<capability>/api.handler.ts`: answers the routes of one capability. */
export const apiFunction = <E extends z.ZodObject>(scope: Construct, props: ApiFunctionProps<E>) =>
  new TypedFunction<E>(scope, 'Api', { memory: 'api', ...props, name: 'api', timeout: TIMEOUT });
