import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { BASE_PATH } from '../../contracts/api/operation.ts';
import { readCookie } from '../shared/http/request.ts';

const NAME = 'dukenet_refresh';
/** Lifetime of the refresh token. */
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

/** Cookie for the refresh token that scripts cannot read (HttpOnly) and other sites cannot send (SameSite). */
export const refreshCookie = {
  read: (event: APIGatewayProxyEventV2): string | undefined => readCookie(event, NAME),
  set: (token: string, secure: boolean): string => cookie(token, MAX_AGE_SECONDS, secure),
  clear: (secure: boolean): string => cookie('', 0, secure),
} as const;
