import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { readCookie } from '../shared/http/request.ts';

const NAME = 'dukenet_refresh';
/** As long as the refresh token lives. */
const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

const cookie = (value: string, maxAge: number, secure: boolean): string =>
  [
    `${NAME}=${encodeURIComponent(value)}`,
    `Path=${BASE_PATH}/auth`,
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ].join('; ');

/** The refresh token where scripts of a page cannot read it, and no other site's page can send it. */
export const refreshCookie = {
  read: (event: APIGatewayProxyEventV2): string | undefined => readCookie(event, NAME),
  set: (token: string, secure: boolean): string => cookie(token, MAX_AGE_SECONDS, secure),
  clear: (secure: boolean): string => cookie('', 0, secure),
} as const;
