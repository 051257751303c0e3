import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { identityOperations } from '../../../contracts/api/identity.ts';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import { allOperations } from '../../../contracts/api/routes.ts';
import { identityHandlers } from '../../../lambdas/identity/handlers.ts';
import { loginGuard } from '../../../lambdas/identity/login-guard.ts';
import { createApi } from '../../../lambdas/shared/http/api.ts';
import { logger } from '../../../lambdas/shared/logger.ts';
import { userStore } from '../../../lambdas/shared/stores/user-store.ts';
import { memoryAccounts } from '../support/memory-accounts.ts';
import { memoryTable } from '../support/memory-table.ts';

const at = new Date('2026-03-01T12:00:00.000Z');
const PASSWORDS = ['Long-enough-1', 'Another-one-12'] as const;

/** The identity API over a table in memory; `remember` must not be needed. */
function stage() {
  const table = memoryTable();
  const accounts = memoryAccounts(() => at);
  const remember = vi.fn();
  const clock = () => at;
  const guard = loginGuard(table, clock);
  const deps = { accounts, users: userStore(table), clock, guard, autoConfirm: true, cookieSecure: true };
  const authenticate = () => Promise.reject(new Error('public routes only'));
  const api = createApi(identityOperations, { authenticate, remember }, identityHandlers(deps));
  const register = async (email: string, password: string, key = 'key-1') => {
    const event = {
      routeKey: `POST ${BASE_PATH}/auth/register`,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ email, password, user_type: 'buyer' }),
      requestContext: { requestId: 'r', http: { method: 'POST' } },
    } as unknown as APIGatewayProxyEventV2;
    const { statusCode, headers, body } = await api(event, {} as Context);
    return { status: statusCode, headers, body: JSON.parse(body ?? '{}') as Record<string, never> };
  };
  return { table, accounts, remember, register };
}

beforeEach(() => {
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
});

describe('register with an Idempotency-Key', () => {
  test('stores nothing that depends on the password', async () => {
    const stored = await Promise.all(
      PASSWORDS.map(async (password) => {
        const { table, accounts, register } = stage();
        expect((await register('ann@example.com', password)).status).toBe(201);
        const text = JSON.stringify([...table.items].sort());
        return text.replaceAll(accounts.stored.get('ann@example.com')!.userId, 'the-user');
      }),
    );
    expect(stored[0]).toBe(stored[1]);
  });

  test('stores neither request nor response, and executes a repeated request again', async () => {
    const { remember, register } = stage();
    const first = await register('ann@example.com', PASSWORDS[0]);
    const again = await register('ann@example.com', PASSWORDS[0]);
    expect(again.body).toEqual(first.body);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(remember).not.toHaveBeenCalled();
  });

  test('under the key of another user is an independent registration', async () => {
    const { register } = stage();
    const ann = await register('ann@example.com', PASSWORDS[0]);
    const bob = await register('bob@example.com', PASSWORDS[1]);
    expect([ann.status, bob.status]).toEqual([201, 201]);
    const thief = await register('ann@example.com', PASSWORDS[1]);
    expect([thief.status, thief.body['code']]).toEqual([409, 'email_taken']);
  });

  test('writes no secret into the log', async () => {
    const lines: unknown[] = [];
    for (const level of ['info', 'warn', 'error'] as const) {
      vi.spyOn(logger, level).mockImplementation((...line: unknown[]) => void lines.push(line));
    }
    const { register } = stage();
    await register('ann@example.com', PASSWORDS[0]);
    await register('ann@example.com', 'short');
    expect(JSON.stringify(lines)).not.toMatch(/Long-enough|short|ann@/);
  });
});

describe('stored responses', () => {
  const stored = allOperations.filter((operation) => operation.idempotent === 'stored');
  const propertiesOf = (schema: z.ZodType | undefined, io: 'input' | 'output'): string[] => {
    const names: string[] = [];
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node) names.push(...Object.keys(node.properties as object));
      Object.values(node).forEach(walk);
    };
    if (schema) walk(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    return names;
  };

  test.each(stored.map((operation) => [operation.id, operation] as const))(
    '%s has a known caller, and no credential in request or response',
    (_id, operation) => {
      expect(operation.access.kind).toBe('roles');
      const names = [...propertiesOf(operation.body, 'input'), ...propertiesOf(operation.response, 'output')];
      expect(
        names.filter((name) => /password|token|secret|code$|_url$|^url$|ticket|upload/.test(name)),
      ).toEqual([]);
    },
  );

  test('exist only for routes of signed-in callers', () => {
    const repeated = allOperations.filter((operation) => operation.idempotent === 'repeated');
    expect(repeated.map((operation) => operation.id)).toEqual(['register', 'uploadFile']);
  });
});
