import createClient from 'openapi-fetch';
import { session } from '../session/index.ts';
import type { paths } from './schema.gen.d.ts';

/** The API, typed by the OpenAPI document; same origin, so the refresh cookie travels by itself. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: session.fetch });
