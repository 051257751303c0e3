import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { expect, it } from 'vitest';
import { notificationOperations } from '../../../contracts/api/notifications.ts';
import { settingsStore } from '../../../lambdas/notifications/settings-store.ts';
import {
  unsubscribe,
  unsubscribePage,
  unsubscribeTokens,
} from '../../../lambdas/notifications/unsubscribe.ts';
import { createApi } from '../../../lambdas/shared/http/api.ts';
import { sealedCursors } from '../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { cursorKey } from '../../../lambdas/shared/stores/cursor-key-store.ts';
import { memoryTable } from '../support/memory-table.ts';

const table = memoryTable();
const seals = sealedCursors(cursorKey(table));
const deps = { tokens: unsubscribeTokens(seals), settings: settingsStore(table) };
const { unsubscribe: post, unsubscribePage: get } = notificationOperations;
const handler = createApi(
  { unsubscribe: post, unsubscribePage: get },
  {},
  {
    unsubscribePage: ({ query }) => unsubscribePage(deps, query.token),
    unsubscribe: ({ query }) => unsubscribe(deps, query.token),
  },
);

async function send(method: 'GET' | 'POST', token: string): Promise<APIGatewayProxyStructuredResultV2> {
  const event = {
    rawPath: '/api/v2/notifications/unsubscribe',
    routeKey: `${method} /api/v2/notifications/unsubscribe`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    queryStringParameters: { token },
    // What mail clients send (RFC 8058).
    ...(method === 'POST' && { body: 'List-Unsubscribe=One-Click', isBase64Encoded: false }),
    requestContext: { http: { method, sourceIp: '127.0.0.1' }, requestId: 'r' },
  };
  return await handler(event as never, { awsRequestId: 'r' } as never);
}
const noticesOf = async (userId: string) => (await deps.settings.get(userId)).notices;

it('opening the page changes nothing; one POST unsubscribes, and again', async () => {
  const userId = newId();
  const token = await deps.tokens.tokenOf(userId);
  const page = await send('GET', token);
  expect(page).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  expect(page.headers?.['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain('<form method="post">');
  expect(await noticesOf(userId)).toHaveLength(4);
  for (let i = 0; i < 2; i++) {
    expect(await send('POST', token)).toMatchObject({ statusCode: 200 });
    expect(await noticesOf(userId)).toEqual([]);
  }
});

it('rejects a token that was changed, truncated, or is a cursor', async () => {
  const [mine, theirs] = [newId(), newId()];
  const token = await deps.tokens.tokenOf(mine);
  const forged = Buffer.concat([Buffer.from(token, 'base64url').subarray(0, 16), Buffer.from(theirs)]);
  const cursor = await seals.seal(JSON.stringify([theirs, 'listTasks', {}, {}]), theirs);
  for (const wrong of [forged.toString('base64url'), token.slice(0, -1), cursor, 'x']) {
    for (const method of ['GET', 'POST'] as const) {
      const { statusCode, body } = await send(method, wrong);
      expect([statusCode, JSON.parse(body ?? '')]).toMatchObject([422, { code: 'validation_failed' }]);
    }
  }
  expect(await noticesOf(theirs)).toHaveLength(4);
});
