import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { Capability } from '../../contracts/api/operation.ts';
import { TypedFunction } from './typed-function.ts';
import type { TypedFunctionProps } from './typed-function.ts';

/** Below the gateway's own timeout of 30 s. */
export const API_TIMEOUT = Duration.seconds(28);

export type ApiFunctionProps<E extends z.ZodObject> = Pick<
  TypedFunctionProps<E>,
  'defaults' | 'envSchema' | 'environment'
> & { readonly capability: Capability; readonly memory?: TypedFunctionProps<E>['memory'] };

/** The function `lambdas/<capability>/api.handler.ts`, which serves the routes of one capability. */
export const apiFunction = <E extends z.ZodObject>(scope: Construct, props: ApiFunctionProps<E>) =>
  new TypedFunction<E>(scope, 'Api', {
    memory: 'api',
    ...props,
    name: 'api',
    timeout: API_TIMEOUT,
    alarm: {
      severity: 'high',
      runbook: 'A function fails',
      summary: `Requests to the ${props.capability} API end with a crash or a timeout`,
    },
  });
