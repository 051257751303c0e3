import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openApiDocument, Problem } from '../../../contracts/api/openapi.ts';
import { BASE_PATH, routeKey } from '../../../contracts/api/operation.ts';
import type { Operation } from '../../../contracts/api/operation.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { UserRole } from '../../../contracts/entities/common.ts';
import { keys } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { handlerNamed, loaded } from '../support/load-handler.ts';
import { stubHandlers } from '../support/stub-handlers.ts';
import { tokenForge } from '../support/token-forge.ts';

/** Functions of capabilities that are not `<capability>/api`. */
const FUNCTIONS: Partial<Record<Operation['capability'], string>> = {
  work: 'tasks/work',
  previews: 'files/preview',
  quotes: 'tasks/quote',
  verdicts: 'tasks/judge',
};
const SECRET = 'a detail of the table that no client may see';
const table = ENVIRONMENT['TABLE_NAME']!;
const documents = mockClient(DynamoDBDocumentClient);
const services = [
  mockClient(CognitoIdentityProviderClient),
  mockClient(S3Client),
  mockClient(SageMakerClient),
];
const userId = newId();
let forge: Awaited<ReturnType<typeof tokenForge>>;
let sessions = 0;

stubHandlers([documents, ...services]);
beforeAll(async () => {
  forge = await tokenForge(userId);
  vi.stubEnv('TOKEN_ISSUER', forge.settings.issuer);
  vi.stubEnv('JWKS_URI', forge.settings.jwksUri);
  vi.stubEnv('USER_POOL_CLIENT_ID', forge.settings.clientId);
});
afterAll(() => forge.close());
beforeEach(() => {
  documents.onAnyCommand().rejects(new Error(SECRET));
});

const exampleBodies = new Map(
  Object.values(
    openApiDocument('test')['paths'] as Record<
      string,
      Record<string, { operationId: string; requestBody?: { content: Record<string, { example?: object }> } }>
    >,
  )
    .flatMap((path) => Object.values(path))
    .map(({ operationId, requestBody }) => [
      operationId,
      requestBody?.content['application/json']?.example ?? requestBody?.content['application/json'],
    ]),
);

/** The access token of a new session of a user with this role. */
async function signedIn(role: UserRole): Promise<string> {
  const at = '2026-03-01T00:00:00.000Z';
  const user = {
    ...keys.user(userId),
    entity: 'user',
    ...{ id: userId, email: 'ada@example.com', user_type: role, full_name: null, is_active: true },
    ...(role === 'agent' && { agent_name: 'ada-agent' }),
    ...{ created_at: at, updated_at: at },
  };
  documents.on(BatchGetCommand).resolves({ Responses: { [table]: [user] } });
  return forge.token({ claims: { origin_jti: `session-${++sessions}` } });
}

async function request(operation: Operation, authorization?: string) {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const params = Object.fromEntries(names.map((name) => [name, name === 'version' ? '3' : newId()]));
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => params[name] ?? '');
  const handler = await loaded(
    handlerNamed(FUNCTIONS[operation.capability] ?? `${operation.capability}/api`),
  );
  const method = operation.method;
  const event = {
    version: '2.0',
    routeKey: routeKey(operation),
    rawPath: `${BASE_PATH}${path}`,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      ...(authorization !== undefined && { authorization: `Bearer ${authorization}` }),
      ...(operation.idempotent && { 'idempotency-key': newId() }),
    },
    pathParameters: params,
    requestContext: { http: { method, path, sourceIp: '192.0.2.1' }, requestId: newId() },
    isBase64Encoded: false,
    ...(operation.body && { body: JSON.stringify(exampleBodies.get(operation.id)) }),
  };
  const answer = (await handler(event, { getRemainingTimeInMillis: () => 28_000 })) as {
    statusCode: number;
    headers: Record<string, string>;
    body?: string;
  };
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.body ?? '' };
}

const rolesOf = ({ access }: Operation) =>
  access.kind === 'public' ? [] : UserRole.options.filter((role) => access.roles[role]);
const isProtected = ({ access }: Operation): boolean => access.kind !== 'public';

describe.each(allOperations.filter(isProtected))('$id', (operation) => {
  test('answers 401 without a token', async () => {
    const { status, type, body } = await request(operation);
    expect([status, type]).toEqual([401, 'application/problem+json']);
    expect(Problem.parse(JSON.parse(body)).code).toBe('unauthenticated');
    expect(documents.calls()).toEqual([]);
  });

  test('answers 403 to every role that the contract does not name', async () => {
    const allowed = rolesOf(operation);
    for (const role of UserRole.options.filter((one) => !allowed.includes(one))) {
      const { status, body } = await request(operation, await signedIn(role));
      expect([role, status, Problem.parse(JSON.parse(body)).code]).toEqual([role, 403, 'forbidden']);
    }
  });

  test('answers 500 without details if the table fails', async () => {
    const [role] = rolesOf(operation);
    const { status, body } = await request(operation, await signedIn(role!));
    expect([status, Problem.parse(JSON.parse(body)).code]).toEqual([500, 'internal']);
    expect(body).not.toContain(SECRET);
  });
});

test.each(allOperations.filter((operation) => !isProtected(operation)))(
  '$id is public: it requires no token',
  async (operation) => {
    expect((await request(operation)).status).not.toBe(401);
  },
);
