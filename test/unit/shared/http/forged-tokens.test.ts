import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { routeKey } from '../../../../contracts/api/operation.ts';
import { allOperations, ROUTES, type Routes } from '../../../../contracts/api/routes.ts';
import { DukeError } from '../../../../contracts/errors.ts';
import { createApi, type Handlers } from '../../../../lambdas/shared/http/api.ts';
import { authenticator, cognitoVerifier } from '../../../../lambdas/shared/http/authenticate.ts';
import { sealedCursors } from '../../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../../lambdas/shared/ids.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';
import { userStore } from '../../../../lambdas/shared/stores/user-store.ts';
import { memoryTable } from '../../support/memory-table.ts';
import { tokenForge } from '../../support/token-forge.ts';

const MIN_FORGERIES = 108;
const user = newId();
let forge: Awaited<ReturnType<typeof tokenForge>>;
let forgeries: Awaited<ReturnType<typeof forge.forgeries>>;
let handler: ReturnType<typeof createApi<Routes>>;
const reached = vi.fn();

beforeAll(async () => {
  forge = await tokenForge(user);
  forgeries = await forge.forgeries();
  const table = memoryTable();
  const at = new Date().toISOString();
  const account = { id: user, email: 'ann@example.com', user_type: 'admin', full_name: null } as const;
  await userStore(table).create(
    { ...account, created_at: at, updated_at: at, is_active: true },
    { id: newId(), fingerprint: '' },
  );
  const handle = async () => {
    reached();
    throw new DukeError('not_found', 'The handler was reached.');
  };
  const handlers = Object.fromEntries(Object.keys(ROUTES).map((id) => [id, handle]));
  handler = createApi(
    ROUTES,
    {
      authenticate: authenticator(table, cognitoVerifier(forge.settings), () => new Date()),
      cursors: sealedCursors(async () => Buffer.alloc(32)),
      remember: async (_, run) => ({ answer: await run(), replayed: false }),
    },
    handlers as unknown as Handlers<Routes>,
  );
});
afterAll(() => forge.close());

async function answerTo(route: string, token: string): Promise<readonly [number | undefined, string]> {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  const event = {
    routeKey: route,
    rawPath: route.split(' ')[1],
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    pathParameters: {},
    requestContext: { requestId: 'r', http: { method: route.split(' ')[0] } },
    body: '{}',
  };
  const { statusCode, body } = await handler(event as unknown as APIGatewayProxyEventV2, {} as Context);
  return [statusCode, (JSON.parse(body ?? '{}') as { code?: string }).code ?? ''];
}

test('the generator makes valid tokens too, and enough distinct forgeries', async () => {
  const [status] = await answerTo('GET /api/v2/auth/profile', await forge.token());
  expect(status).toBe(404);
  expect(reached).toHaveBeenCalledOnce();
  expect(forgeries.length).toBeGreaterThanOrEqual(MIN_FORGERIES);
  expect(new Set(forgeries.map(([, token]) => token)).size).toBe(forgeries.length);
});

const protectedRoutes = allOperations.filter(({ access }) => access.kind === 'roles').map(routeKey);

test.each(protectedRoutes)('%s answers every forged token with 401', async (route) => {
  reached.mockClear();
  const taken: string[] = [];
  for (const [what, token] of forgeries) {
    const [status, code] = await answerTo(route, token);
    if (status !== 401 || code !== 'unauthenticated') taken.push(`${what}: ${status} ${code}`);
  }
  expect(taken).toEqual([]);
  expect(reached).not.toHaveBeenCalled();
});
