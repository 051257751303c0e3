import createClient from 'openapi-fetch';
import type { paths } from './schema.gen.d.ts';

/**
 * The API by paths, typed by the OpenAPI document: `http.GET('/api/v2/tasks/{task_id}', …)`.
 * @param fetch sends one request, for example `authorizedFetch`
 */
export const createHttp = (baseUrl: string, fetch: (request: Request) => Promise<Response>) =>
  createClient<paths>({ baseUrl, fetch });

export type Http = ReturnType<typeof createHttp>;
