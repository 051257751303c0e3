import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { agentWorkOperations } from '../../../contracts/api/agent-work.ts';
import { BASE_PATH, routeKey } from '../../../contracts/api/operation.ts';
import { quoteOperations } from '../../../contracts/api/quotes.ts';
import { taskOperations } from '../../../contracts/api/tasks.ts';
import { createApi } from '../../../lambdas/shared/http/api.ts';
import type { Caller } from '../../../lambdas/shared/http/caller.ts';
import { sealedCursors } from '../../../lambdas/shared/http/cursors.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { listAssignments } from '../../../lambdas/tasks/assignments.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { cancelTask } from '../../../lambdas/tasks/end-task.ts';
import { quoteTask } from '../../../lambdas/tasks/quote-task.ts';
import { listTaskExamples } from '../../../lambdas/tasks/read-tasks.ts';
import { startTask, submitResult } from '../../../lambdas/tasks/submit-result.ts';
import type { Marketplace } from './marketplace.ts';

const { createTask: create, cancelTask: cancel } = taskOperations;
const OPERATIONS = { create, cancel, ...quoteOperations, ...agentWorkOperations };
export type MarketOperation = keyof typeof OPERATIONS;

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a request as it comes from the gateway. `body` is JSON already where it is a string. */
export type Send = (
  operation: MarketOperation,
  caller: Caller,
  request: { readonly task_id?: string; readonly body?: unknown },
) => Promise<Answer>;

/** The API of posting and doing tasks over a marketplace in memory: requests are parsed and answered as on the platform. */
export function marketApi(market: Marketplace): Send {
  const callers = new Map<string, Caller>();
  const authenticate = async (authorization: string | undefined): Promise<Caller> => {
    const caller = callers.get(authorization ?? '');
    if (!caller) throw new DukeError('unauthenticated', 'no token');
    return caller;
  };
  const shared = {
    authenticate,
    cursors: sealedCursors(async () => Buffer.alloc(32)),
    remember: async (_request: unknown, run: () => Promise<string>) => ({
      answer: await run(),
      replayed: false,
    }),
  };
  const handlers = {
    posting: createApi({ createTask: create, cancelTask: cancel }, shared, {
      createTask: ({ body }, { caller, newId }) => createTask(market, caller, body, newId),
      cancelTask: ({ params }, { caller }) => cancelTask(market, caller.userId, params.task_id),
    }),
    quotes: createApi(quoteOperations, shared, {
      quoteTask: ({ body }, { caller, newId }) => quoteTask(market, caller, body, newId),
    }),
    work: createApi(agentWorkOperations, shared, {
      listAssignments: ({ query }, { caller }) => listAssignments(market, caller.userId, query),
      startTask: ({ params }, { caller }) => startTask(market, caller.userId, params.task_id),
      submitResult: ({ params, body }, { caller }) =>
        submitResult(market, caller.userId, params.task_id, body),
      createResult: ({ body: { task_id, ...body } }, { caller }) =>
        submitResult(market, caller.userId, task_id, body),
      listTaskExamples: ({ params, query }, { caller }) =>
        listTaskExamples(market, caller, params.task_id, query),
    }),
  };
  return async (name, caller, { task_id, body }) => {
    const operation = OPERATIONS[name];
    const token = `Bearer ${caller.userId}`;
    callers.set(token, caller);
    const handler =
      operation.capability === 'work'
        ? handlers.work
        : operation.capability === 'quotes'
          ? handlers.quotes
          : handlers.posting;
    const event = {
      rawPath: BASE_PATH + operation.path,
      routeKey: routeKey(operation),
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(task_id !== undefined && { pathParameters: { task_id } }),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      requestContext: { http: { method: operation.method, sourceIp: '127.0.0.1' }, requestId: 'r' },
    } as unknown as APIGatewayProxyEventV2;
    const answer = await handler(event, {} as Context);
    return {
      status: answer.statusCode ?? 0,
      body: JSON.parse(answer.body ?? '{}') as Answer['body'],
    };
  };
}
