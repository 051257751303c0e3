import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { BASE_PATH } from '../../../contracts/api/operation.ts';
import { ROUTES, allOperations } from '../../../contracts/api/routes.ts';
import { health } from '../../../lambdas/insight/health.ts';
import { pricing } from '../../../lambdas/insight/pricing.ts';
import type { Probes } from '../../../lambdas/insight/health.ts';
import { BASE_PRICE, FIAT } from '../../../lambdas/shared/env-parts.ts';
import { methodsOf, unknownRoute } from '../../../lambdas/insight/unknown-route.ts';

const well: Probes = {
  table: async () => undefined,
  bucket: async () => undefined,
  endpoint: async () => 'InService',
};
function failing(name: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error('secret'), { name }));
}

describe('health', () => {
  test('is ok if all parts are', async () => {
    const answer = await health(well, '1.2.3');
    expect(ROUTES.health.response.parse(answer)).toMatchObject({ status: 'ok', version: '1.2.3' });
  });

  const broken: ['table' | 'bucket' | 'endpoint', Partial<Probes>, string, string][] = [
    ['table', { table: failing('ResourceNotFoundException') }, 'down', 'ResourceNotFoundException'],
    ['bucket', { bucket: failing('AccessDenied') }, 'down', 'AccessDenied'],
    ['endpoint', { endpoint: failing('ValidationException') }, 'down', 'ValidationException'],
    ['endpoint', { endpoint: async () => 'Creating' }, 'down', 'Creating'],
    ['endpoint', { endpoint: async () => 'Updating' }, 'degraded', 'Updating'],
  ];
  test.each(broken)('is degraded, not an error: %s', async (part, probes, status, detail) => {
    const answer = await health({ ...well, ...probes }, '1');
    expect(answer.status).toBe('degraded');
    expect(answer.checks[part]).toEqual({ status, detail });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('reports a part that does not answer as down', async () => {
    const hanging = async (signal: AbortSignal) => {
      await sleep(3_600_000, undefined, { signal });
    };
    const answer = await health({ ...well, table: hanging }, '1');
    expect(answer.checks.table).toMatchObject({ status: 'down' });
  });
});

describe('pricing', () => {
  const parts = z.object({ ...BASE_PRICE, ...FIAT });
  test.each([
    [{ BASE_PRICE_SATOSHIS: '100000' }, { base_price_satoshis: 100_000, fiat: null }],
    [
      { BASE_PRICE_SATOSHIS: '2500', FIAT_CURRENCY: 'EUR', FIAT_SATOSHIS_PER_UNIT: '0.000001' },
      { base_price_satoshis: 2500, fiat: { currency: 'EUR', satoshis_per_unit: 0.000001 } },
    ],
  ])('of %j returns the settings of the stage', (environment, expected) => {
    const answer = ROUTES.pricing.response.parse(pricing(parts.parse(environment)));
    expect(answer).toEqual({ min_reputation_bp: 12_000, max_reputation_bp: 20_000, ...expected });
  });
});

describe('unknown routes', () => {
  const id = '019ab5e0-0000-7000-8000-000000000000';
  test('every operation of the contract is found by its path', () => {
    for (const { path, method } of allOperations) {
      expect(methodsOf(BASE_PATH + path.replace(/\{\w+\}/g, id)), path).toContain(method);
    }
  });

  test.each([
    ['GET', `${BASE_PATH}/auth/login`, 405, ['POST']],
    ['POST', `${BASE_PATH}/auth/profile`, 405, ['GET', 'PUT']],
    ['PATCH', `${BASE_PATH}/files/${id}`, 405, ['GET', 'DELETE']],
    ['GET', `${BASE_PATH}/files/${id}/x`, 404, []],
    ['GET', `${BASE_PATH}/nothing`, 404, []],
    ['GET', '/auth/login', 404, []],
    ['GET', `${BASE_PATH}/openapi-json`, 404, []],
  ])('%s %s is %d', (method, path, status, allow) => {
    const error = unknownRoute(method, path);
    expect(error.status).toBe(status);
    expect([...(error.allow ?? [])].sort()).toEqual(allow.sort());
  });
});
