import { createHttp } from '../../../../client/typescript/src/http.ts';
import { session } from '../session/index.ts';

/** The API, typed by the OpenAPI document; same origin, so the refresh cookie travels by itself. */
export const api = createHttp(location.origin, session.fetch);
