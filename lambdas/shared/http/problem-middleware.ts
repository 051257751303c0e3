import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logger } from '../logger.ts';
import { problemResponse } from './problem.ts';

/** Writes one log line per request and answers every error as problem+json. */
export function problemMiddleware(): MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> {
  const log = (event: APIGatewayProxyEventV2, status: number | undefined): void =>
    logger.info('request', { route: event.routeKey, status, request_id: event.requestContext.requestId });
  return {
    after: (request) => {
      log(request.event, request.response?.statusCode);
    },
    onError: (request) => {
      request.response = problemResponse(request.error, request.event.requestContext.requestId);
      log(request.event, request.response.statusCode);
    },
  };
}
