import { insightOperations } from '../../contracts/api/insight.ts';
import { openApiDocument } from '../../contracts/api/openapi.ts';
import { parseEnv } from '../shared/env.ts';
import { createApi } from '../shared/http/api.ts';
import { problemResponse } from '../shared/http/problem.ts';
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

export const handler = createApi(
  insightOperations,
  {
    otherwise: async ({ rawPath, requestContext }) => {
      const { error, allow } = unknownRoute(requestContext.http.method, rawPath);
      const problem = problemResponse(error, requestContext.requestId);
      return allow.length > 0
        ? { ...problem, headers: { ...problem.headers, allow: allow.join(', ') } }
        : problem;
    },
  },
  {
    health: () => health(probes, env.RELEASE),
    pricing: async () => pricing(env),
    openApi: async () => ({ ...openApiDocument(env.RELEASE) }),
  },
);
