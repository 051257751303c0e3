import middy from '@middy/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context as LambdaContext,
} from 'aws-lambda';
import { DukeError } from '../../../contracts/errors.ts';
import type { UserRole } from '../../../contracts/entities/common.ts';
import { BASE_PATH, routeKey } from '../../../contracts/api/operation.ts';
import type { Input, Operation, Output } from '../../../contracts/api/operation.ts';
import { idFrom, newId } from '../ids.ts';
import { addressOf } from './address.ts';
import type { Caller } from './caller.ts';
import { paged, takesCursor } from './cursors.ts';
import { methodNotAllowed, methodsOfLiteralPaths } from './method-not-allowed.ts';
import { requestedWait, type Wait } from './prefer.ts';
import { problemMiddleware } from './problem-middleware.ts';
import { idempotencyKey, parseRequest } from './request.ts';
import type { ApiDependencies, RouteDependencies } from './route-dependencies.ts';

/** Of HTML pages: they load nothing, run nothing, and their forms go to this service. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

type Scope = 'own' | 'party' | 'any';

/** Context of a request for its handler, besides the parsed input. */
export interface RequestContext<A extends Operation['access'] = Operation['access']> {
  /** Undefined on public routes only. */
  readonly caller: A extends { kind: 'public' } ? undefined : Caller;
  /** Which records of others the caller's role may see on this route. */
  readonly scope: Scope;
  /** Id for the record that this request creates: derived from the Idempotency-Key, or random without one. */
  readonly newId: string;
  /** For responses that the contract cannot describe. */
  readonly event: APIGatewayProxyEventV2;
  /**
   * Seconds that the client asked to wait for finished work, bounded by the remaining time; undefined if it did not
   * ask.
   */
  readonly wait: Wait | undefined;
  readonly reply: Reply;
}

interface Reply {
  readonly cookies: string[];
  /** Replays the response to an earlier request. */
  replayed: boolean;
  /** Value of `Preference-Applied`. */
  preferenceApplied?: string;
}

export type Handler<O extends Operation> = (
  input: Input<O>,
  context: RequestContext<O['access']>,
) => Promise<Output<O>>;
/** One handler per operation of a contract table. */
export type Handlers<T extends Readonly<Record<string, Operation>>> = {
  readonly [K in keyof T]: Handler<T[K]>;
};

type AnyHandler = (input: Input<Operation>, context: RequestContext) => Promise<unknown>;

function scopeOf(operation: Operation, caller: Caller | undefined): Scope {
  if (operation.access.kind === 'public') return 'own';
  const role: UserRole | undefined = caller?.role;
  const scope = role && operation.access.roles[role];
  if (!scope) throw new DukeError('forbidden', `This is not for the role ${role ?? 'anonymous'}.`);
  return scope;
}

function success(operation: Operation, body: unknown): string {
  if (!operation.response) return '';
  // Validate the response; drop undeclared fields.
  const answer = operation.response.parse(body);
  return operation.produces === 'text/html' ? String(answer) : JSON.stringify(answer);
}

const contentTypeOf = ({ produces }: Operation): string =>
  produces === 'text/html' ? 'text/html; charset=utf-8' : 'application/json';

/** Path of the created record; undefined if the operation creates none. */
function locationOf({ location }: Operation, body: string): string | undefined {
  if (location === undefined) return undefined;
  const created: unknown = JSON.parse(body);
  const valueAt = (path: string): string =>
    String(path.split('.').reduce((value, name) => (value as Record<string, unknown>)[name], created));
  return (
    BASE_PATH + location.replace(/\{([\w.]+)\}/g, (_, path: string) => encodeURIComponent(valueAt(path)))
  );
}

interface Call {
  readonly operation: Operation;
  readonly handler: AnyHandler;
  readonly deps: Partial<RouteDependencies>;
  readonly event: APIGatewayProxyEventV2;
  readonly lambdaContext: LambdaContext;
  readonly caller: Caller | undefined;
  readonly scope: Scope;
  readonly input: Input<Operation>;
  readonly reply: Reply;
}

/** Runs the handler; at most once per Idempotency-Key on routes that store their responses. */
async function run(call: Call): Promise<string> {
  const { operation, handler, deps, event, caller, scope, reply } = call;
  const key = operation.idempotent ? idempotencyKey(event) : undefined;
  const owner = caller?.userId ?? 'public';
  const page = takesCursor(operation)
    ? await paged(deps.cursors!, operation, caller, call.input) // `ApiDependencies` requires it
    : undefined;
  const input = page?.input ?? call.input;
  const work = async (): Promise<string> => {
    const id = key === undefined ? newId() : idFrom(owner, operation.id, key);
    const wait = operation.waits && requestedWait(event.headers['prefer'], call.lambdaContext);
    const context = { caller, scope, newId: id, event, wait, reply } as RequestContext;
    const answer = await handler(input, context);
    return success(operation, page ? await page.sealed(answer) : answer);
  };
  if (key === undefined || operation.idempotent !== 'stored' || !caller) return work();
  const request = {
    key,
    scope: `${caller.userId}#${operation.id}`,
    payload: { params: input.params, body: input.body },
    lambdaContext: call.lambdaContext,
  };
  const { answer, replayed } = await deps.remember!(request, work); // `ApiDependencies` requires it
  reply.replayed = replayed;
  return answer;
}

async function answer(
  route: Pick<Call, 'operation' | 'handler'>,
  deps: Partial<RouteDependencies>,
  event: APIGatewayProxyEventV2,
  lambdaContext: LambdaContext,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { operation } = route;
  const caller =
    operation.access.kind === 'public' ? undefined : await deps.authenticate!(event.headers['authorization']); // `ApiDependencies` requires it
  await deps.limitRate?.(caller ? `user:${caller.userId}` : `address:${addressOf(event)}`, operation);
  const scope = scopeOf(operation, caller);
  const input = parseRequest(operation, event) as Input<Operation>;
  const reply: Reply = { cookies: [], replayed: false };
  const body = await run({ ...route, deps, event, lambdaContext, caller, scope, input, reply });
  const location = locationOf(operation, body);
  return {
    statusCode: operation.status,
    headers: {
      'cache-control': 'no-store',
      ...(location !== undefined && { location }),
      ...(operation.response && { 'content-type': contentTypeOf(operation) }),
      ...(operation.produces === 'text/html' && PAGE_HEADERS),
      ...(reply.preferenceApplied !== undefined && { 'preference-applied': reply.preferenceApplied }),
      ...(reply.replayed && { 'idempotency-replayed': 'true' }),
    },
    ...(reply.cookies.length > 0 && { cookies: reply.cookies }),
    ...(operation.response && { body }),
  };
}

/**
 * The Lambda handler of one capability. It takes the operations of this capability, not of all: building the schemas of
 * the others costs 25 ms at every cold start. `literalPathsElsewhere`: paths of other capabilities, with their methods, that a
 * path with a parameter of this one would match too.
 */
export function createApi<const T extends Readonly<Record<string, Operation>>>(
  operations: T,
  deps: ApiDependencies<T>,
  handlers: Handlers<T>,
  literalPathsElsewhere: ReadonlyMap<string, readonly string[]> = new Map(),
) {
  const routes = new Map(
    Object.values(operations).map((operation) => [
      routeKey(operation),
      { operation, handler: handlers[operation.id as keyof T] },
    ]),
  );
  const literalPaths = new Map([
    ...methodsOfLiteralPaths(Object.values(operations)),
    ...literalPathsElsewhere,
  ]);
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(problemMiddleware())
    .handler(async (received, lambdaContext) => {
      const event = deps.fromEdge?.(received) ?? received;
      const route = routes.get(event.routeKey);
      const allow = route?.operation.params && literalPaths.get(event.rawPath);
      if (allow) throw methodNotAllowed(event.requestContext.http.method, allow);
      if (route) return answer(route, deps, event, lambdaContext);
      throw (
        deps.otherwise?.(event) ??
        new DukeError('not_found', `${event.routeKey} is not a route of this service.`)
      );
    });
}
