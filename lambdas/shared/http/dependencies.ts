import type { AUTH, EDGE, TABLE } from '../env-parts.ts';
import type * as z from 'zod';
import { systemClock } from '../clock.ts';
import type { Table } from '../stores/table.ts';
import { cursorKey } from '../stores/cursor-key-store.ts';
import { authenticator, cognitoVerifier } from './authenticate.ts';
import { sealedCursors } from './cursors.ts';
import { fromEdge } from './edge.ts';
import { remembering } from './idempotency.ts';
import { dynamoDbCounter } from '../stores/shared-counter.ts';
import { rateLimiter } from './rate-limit.ts';
import type { RouteDependencies } from './route-dependencies.ts';

type AuthEnv = z.output<z.ZodObject<typeof AUTH & typeof EDGE & typeof TABLE>>;

/** Dependencies of every capability with authenticated routes: tokens, cursors and the store of Idempotency-Keys. */
export const apiDependencies = (env: AuthEnv, table: Table): RouteDependencies => ({
  authenticate: authenticator(
    table,
    cognitoVerifier({ issuer: env.TOKEN_ISSUER, jwksUri: env.JWKS_URI, clientId: env.USER_POOL_CLIENT_ID }),
    systemClock,
  ),
  cursors: sealedCursors(cursorKey(table)),
  remember: remembering(env.TABLE_NAME),
  fromEdge: fromEdge(env.ORIGIN_SECRET),
  limitRate: rateLimiter(systemClock, dynamoDbCounter(env.TABLE_NAME)),
});
