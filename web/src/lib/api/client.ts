import { createHttp } from '../../../../client/typescript/src/http.ts';
import { session } from '../session/index.ts';

/** The API, typed by the OpenAPI document. Same origin, so the browser sends the refresh cookie. */
export const api = createHttp(location.origin, session.fetch);
