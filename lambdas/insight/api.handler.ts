import { insightOperations } from '../../contracts/api/insight.ts';
import { openApiDocument } from '../../contracts/api/openapi.ts';
import { systemClock } from '../shared/clock.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { fromEdge } from '../shared/http/edge.ts';
import { rateLimiter } from '../shared/http/rate-limit.ts';
import { Env } from './api.env.ts';
import { health } from './health.ts';
import { pricing } from './pricing.ts';
import { awsProbes } from './probes.ts';
import { unknownRoute } from './unknown-route.ts';

const env = parseEnv(Env);
const probes = awsProbes({
  tableName: env.TABLE_NAME,
  bucket: env.FILES_BUCKET,
  endpointName: env.ENDPOINT_NAME,
});

/** Built once per instance, on first use, since it takes 50 ms. */
let document: { openapi: string } | undefined;

export const handler = createApi(
  insightOperations,
  {
    fromEdge: fromEdge(env.ORIGIN_SECRET),
    // It may not write to the table: each instance limits by itself.
    limitRate: rateLimiter(systemClock),
    otherwise: ({ rawPath, requestContext }) => unknownRoute(requestContext.http.method, rawPath),
  },
  {
    health: () => health(probes, env.RELEASE),
    pricing: async () => pricing(env),
    openApi: async () => (document ??= { ...openApiDocument(env.RELEASE) }),
  },
);
