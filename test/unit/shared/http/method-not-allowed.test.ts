import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../../../../contracts/api/openapi.ts';
import { BASE_PATH, open, operations } from '../../../../contracts/api/operation.ts';
import * as z from 'zod';
import { createApi } from '../../../../lambdas/shared/http/api.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';

const common = {
  capability: 'files',
  summary: '',
  description: '',
  answer: '',
  access: open,
  errors: [],
} as const;
const params = z.strictObject({ file_id: z.string() });
const table = operations({
  upload: { ...common, method: 'POST', path: '/files/upload', status: 204 },
  read: { ...common, method: 'GET', path: '/files/{file_id}', params, status: 204 },
  remove: { ...common, method: 'DELETE', path: '/files/{file_id}', params, status: 204 },
});
const done = async () => undefined;
const handler = createApi(table, {}, { upload: done, read: done, remove: done });

/** As the gateway sends it: the most specific route that takes the method. */
const send = (routeKey: string, method: string, path: string, query?: Record<string, string>) =>
  handler(
    {
      routeKey: routeKey.replace(' ', ` ${BASE_PATH}`),
      rawPath: BASE_PATH + path,
      headers: {},
      pathParameters: { file_id: path.split('/').at(-1)! },
      ...(query && { queryStringParameters: query }),
      requestContext: { requestId: 'r', http: { method } },
    } as unknown as APIGatewayProxyEventV2,
    {} as Context,
  );

beforeEach(() => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
});

test.each([
  ['GET', undefined],
  ['DELETE', { limit: '20' }],
])('%s on a path that only looks like an id gets 405 with its methods', async (method, query) => {
  const answer = await send(`${method} /files/{file_id}`, method, '/files/upload', query);
  expect(answer.statusCode).toBe(405);
  expect(answer.headers?.['allow']).toBe('POST');
  expect(Problem.parse(JSON.parse(answer.body!))).toMatchObject({ code: 'method_not_allowed' });
});

test('an id, and a method of the path itself, are routed as usual', async () => {
  expect((await send('GET /files/{file_id}', 'GET', '/files/1')).statusCode).toBe(204);
  expect((await send('POST /files/upload', 'POST', '/files/upload')).statusCode).toBe(204);
});
