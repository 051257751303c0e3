import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { BASE_PATH, open, operations } from '../../../../contracts/api/operation.ts';
import { createApi } from '../../../../lambdas/shared/http/api.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';

const common = { method: 'POST', capability: 'files', summary: '', description: '', answer: '' } as const;
const table = operations({
  nested: {
    ...common,
    path: '/nested',
    access: open,
    status: 201,
    location: '/files/{file.id}',
    response: z.strictObject({ file: z.strictObject({ id: z.string() }) }),
    errors: [],
    idempotent: 'stored',
  },
  plain: { ...common, path: '/plain', access: open, status: 204, errors: [] },
});

const sendTo = async (path: string, replayed = false) => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  const remember = async (_: unknown, run: () => Promise<string>) => ({ answer: await run(), replayed });
  const handler = createApi(
    table,
    { remember },
    { nested: async () => ({ file: { id: 'a/b' } }), plain: async () => undefined },
  );
  const event = {
    routeKey: `POST ${BASE_PATH}${path}`,
    headers: { 'idempotency-key': 'k' },
    requestContext: { requestId: 'r' },
  };
  return handler(event as unknown as APIGatewayProxyEventV2, {} as Context);
};

test('a creation returns Location, and so does its stored response', async () => {
  for (const replayed of [false, true]) {
    const { statusCode, headers } = await sendTo('/nested', replayed);
    expect([statusCode, headers?.['location']]).toEqual([201, `${BASE_PATH}/files/a%2Fb`]);
  }
});

test('other responses have no Location', async () => {
  expect((await sendTo('/plain')).headers).not.toHaveProperty('location');
});
