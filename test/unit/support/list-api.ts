import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { adminOperations } from '../../../contracts/api/admin.ts';
import { agentWorkOperations } from '../../../contracts/api/agent-work.ts';
import { agentOperations } from '../../../contracts/api/agents.ts';
import { fileOperations } from '../../../contracts/api/files.ts';
import { insightOperations } from '../../../contracts/api/insight.ts';
import { liveOperations } from '../../../contracts/api/live.ts';
import { modelOperations } from '../../../contracts/api/model.ts';
import { routeKey } from '../../../contracts/api/operation.ts';
import type { Operation } from '../../../contracts/api/operation.ts';
import { resultOperations } from '../../../contracts/api/results.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { taskOperations } from '../../../contracts/api/tasks.ts';
import { walletOperations } from '../../../contracts/api/wallet.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import { createApi } from '../../../lambdas/shared/http/api.ts';
import { sealedCursors, takesCursor } from '../../../lambdas/shared/http/cursors.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { cursorKey } from '../../../lambdas/shared/stores/cursor-key-store.ts';
import { memoryTable } from './memory-table.ts';

/** Every route that answers in pages. */
export const lists = allOperations.filter(takesCursor);
/** Where every page of `listApi` ends: all lists have sort keys of this shape. */
export const POSITION = '2026-03-01T00:00:00.000Z#018f0000-0000-7000-8000-000000000001';

export interface Sent {
  readonly query?: Record<string, string>;
  readonly user?: string;
  readonly params?: Record<string, string>;
}

const caller = { email: 'a@b.c', originJti: 'o', sessionStartedAt: 0, accessToken: 't', expiresAt: 0 };
const PARAMS: Record<string, string> = {
  task_id: newId(),
  result_id: newId(),
  file_id: newId(),
  run_id: newId(),
  version: '1',
  user_id: newId(),
};
const DUKE_MM = {
  agent_id: 'duke-mm',
  agent_name: 'duke-mm',
  paused: false,
  reputation_bp: 20_000,
  completed: 0,
  judged: 0,
  success_rate: null,
  earned_satoshis: 0,
};
export const otherParams = (): Record<string, string> =>
  Object.fromEntries(Object.keys(PARAMS).map((name) => [name, newId()]));

/** The API of all lists over handlers that answer an empty page; `positions` has the position that each was asked for. */
export function listApi(table = memoryTable()) {
  const positions: (string | undefined)[] = [];
  const me = newId();
  let role: UserRole = 'admin';
  const cursors = sealedCursors(cursorKey(table));
  const authenticate = async (authorization: string | undefined) => ({
    ...caller,
    role,
    userId: authorization!,
  });
  const remember = () => Promise.reject(new Error('no list stores its answer'));
  const answerPage =
    (operation: string | symbol) =>
    async ({ query }: { query?: { cursor?: string } }) => {
      positions.push(query?.cursor);
      // The leaderboard has Duke MM beside its items.
      return {
        items: [],
        next_cursor: POSITION,
        ...(operation === 'listAgentRanks' && { duke_mm: DUKE_MM }),
      };
    };
  const handlers = new Proxy({}, { get: (_handlers, operation) => answerPage(operation) });
  const apis = [
    taskOperations, resultOperations, agentWorkOperations, agentOperations, fileOperations, walletOperations, modelOperations, insightOperations,
    adminOperations, liveOperations,
  ].map((table) => ({
    table: table,
    api: createApi(table as Readonly<Record<string, Operation>>, { authenticate, cursors, remember }, handlers as never),
  })); // prettier-ignore
  const send = async (operation: Operation, { query, user = me, params = PARAMS }: Sent = {}) => {
    role =
      operation.access.kind === 'roles' && operation.access.roles.admin === undefined ? 'agent' : 'admin';
    const { api } = apis.find((candidate) => operation.id in candidate.table)!;
    const names = Object.keys(operation.params?.shape ?? {});
    const event = {
      routeKey: routeKey(operation),
      headers: { authorization: user },
      pathParameters: Object.fromEntries(names.map((name) => [name, params[name]])),
      ...(query && { queryStringParameters: query }),
      requestContext: { requestId: 'r', http: { method: operation.method } },
    } as unknown as APIGatewayProxyEventV2;
    const { statusCode, body } = await api(event, {} as Context);
    return { status: statusCode!, body: JSON.parse(body ?? '{}') as Record<string, unknown> };
  };
  const cursorOf = async (operation: Operation, request?: Sent): Promise<string> =>
    String((await send(operation, request)).body['next_cursor']);
  return { send, cursorOf, positions };
}
